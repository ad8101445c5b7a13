using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Attention;

/// <summary>Decoding step by step gives what attention over whole sequences gives.</summary>
public sealed class KeyValueCacheTests
{
    private const int Size = 6, Heads = 2;

    public static TheoryData<bool> Projections => [true, false];

    [Theory(Timeout = 60_000), MemberData(nameof(Projections))]
    public async Task Steps_equal_the_whole(bool packed)
    {
        await Task.Yield();
        using var run = new Layer(packed);
        const int batch = 2, time = 70;   // grows twice from a capacity of 20
        var x = run.Normal(1, batch, time, Size);
        float[] whole = run.Attention.Forward(x, options: new AttentionOptions { Causal = CausalMask.FromStart }).ToArray();
        using var cache = run.Attention.Cache(batch, capacity: 20);
        var steps = new List<Tensor>();
        for (int t = 0, n; t < time; t += n)
        {
            n = t == 0 ? 11 : t < 60 ? 1 : Math.Min(4, time - t);
            steps.Add(run.Attention.Decode(x.Slice(1, t, t + n), cache));
        }
        AssertClose(whole, Tensor.Concatenate(1, [.. steps]).ToArray());
        Assert.Equal([time, time], cache.Lengths);
        Assert.Equal(80, cache.Capacity);
    }

    [Fact(Timeout = 60_000)]
    public async Task Samples_may_have_different_lengths()
    {
        await Task.Yield();
        using var run = new Layer(packed: true);
        var source = run.Normal(2, 3, 9, Size);
        var query = run.Normal(3, 3, 2, Size);
        var lengths = run.Device.Indices(9, 0, 4);
        using var cache = run.Attention.Cache(3, capacity: 4);
        run.Attention.Keep(source, cache, lengths);
        Assert.Equal([9, 0, 4], cache.Lengths);
        float[] expected = run.Attention.Forward(query, source, source, new AttentionOptions { Lengths = lengths }).ToArray();
        AssertClose(expected, run.Attention.Look(query, cache).ToArray());

        // One more step for each: it goes behind what the sample has.
        var more = run.Normal(4, 3, 1, Size);
        run.Attention.Keep(more, cache);
        Assert.Equal([10, 1, 5], cache.Lengths);
        var joined = Tensor.Concatenate(0,
            Tensor.Concatenate(1, source[0..1], more[0..1]),
            Tensor.Concatenate(1, more[1..2], source[1..2]),
            Tensor.Concatenate(1, source[2..3, 0..4], more[2..3], source[2..3, 4..9]));
        expected = run.Attention.Forward(query, joined, joined, new AttentionOptions { Lengths = run.Device.Indices(10, 1, 5) }).ToArray();
        AssertClose(expected, run.Attention.Look(query, cache).ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Beams_are_reordered()
    {
        await Task.Yield();
        using var run = new Layer(packed: true);
        Tensor x = run.Normal(5, 3, 4, Size), next = run.Normal(6, 3, 1, Size);
        using KeyValueCache cache = run.Attention.Cache(3), other = run.Attention.Cache(3);
        run.Attention.Decode(x, cache);
        cache.Reorder(2, 0, 2);
        run.Attention.Decode(Tensor.Concatenate(0, x[2..3], x[0..1], x[2..3]), other);
        AssertClose(run.Attention.Decode(next, other).ToArray(), run.Attention.Decode(next, cache).ToArray());
        cache.Clear();
        other.Clear();
        Assert.Equal(0, cache.Longest);
        AssertClose(run.Attention.Decode(x, other).ToArray(), run.Attention.Decode(x, cache).ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Samples_leave_and_come_back_as_copies()
    {
        await Task.Yield();
        using var run = new Layer(packed: true);
        Tensor x = run.Normal(7, 3, 4, Size), next = run.Normal(8, 3, 1, Size);
        using KeyValueCache cache = run.Attention.Cache(3), other = run.Attention.Cache(1);
        run.Attention.Decode(x, cache);
        cache.Select(1);
        Assert.Equal((1, 4), (cache.Batch, cache.Lengths.Single()));
        run.Attention.Decode(x[1..2], other);
        AssertClose(run.Attention.Decode(next[0..1], other).ToArray(), run.Attention.Decode(next[0..1], cache).ToArray());
        cache.Select(0, 0, 0);
        Assert.Equal([5, 5, 5], cache.Lengths);
        float[] three = run.Attention.Decode(Tensor.Concatenate(0, next[1..2], next[2..3], next[1..2]), cache).ToArray();
        AssertClose(run.Attention.Decode(next[1..2], other).ToArray(), three[..Size]);
        AssertClose(three[..Size], three[(2 * Size)..]);
        Assert.NotEqual(three[0], three[Size]);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_empty_cache_gives_zeros_before_the_output_projection()
    {
        await Task.Yield();
        using var run = new Layer(packed: true);
        using var cache = run.Attention.Cache(2);
        Assert.All(run.Normal(1, 2, 3, Size).Attention(cache).ToArray(), y => Assert.Equal(0f, y));
    }

    private static readonly Dictionary<string, (Action<Layer, KeyValueCache> Act, Type Error, string[] Message)> s_table = new()
    {
        ["keys of another size"] = (static (r, c) => c.Append(r.Normal(1, 2, 1, 5), r.Normal(1, 2, 1, Size)), typeof(ShapeException), ["key", "[2, 1, 5]", "[2, time, 6]"]),
        ["values of another time"] = (static (r, c) => c.Append(r.Normal(1, 2, 1, Size), r.Normal(1, 2, 2, Size)), typeof(ShapeException), ["[2, 1, 6]", "[2, 2, 6]"]),
        ["too few counts"] = (static (r, c) => c.Append(r.Normal(1, 2, 1, Size), r.Normal(1, 2, 1, Size), 1), typeof(ShapeException), ["2 counts", "got 1"]),
        ["a count too large"] = (static (r, c) => c.Append(r.Normal(1, 2, 1, Size), r.Normal(1, 2, 1, Size), 1, 2), typeof(ShapeException), ["count is 2", "0 to 1"]),
        ["a sample that is not there"] = (static (r, c) => c.Reorder(0, 2), typeof(ShapeException), ["sample 2"]),
        ["too few samples"] = (static (r, c) => c.Reorder(0), typeof(ShapeException), ["2 samples", "got 1"]),
        ["a selected sample that is not there"] = (static (r, c) => c.Select(-1), typeof(ShapeException), ["Select", "sample -1", "among 2"]),
        ["no selected sample"] = (static (r, c) => c.Select(), typeof(ShapeException), ["got 0"]),
        ["queries of another batch"] = (static (r, c) => r.Normal(1, 3, 1, Size).Attention(c), typeof(ShapeException), ["[3, 1, 6]", "[2, queries, 6]"]),
        ["other heads"] = (static (r, c) => r.Normal(1, 2, 1, Size).Attention(c, new AttentionOptions { Heads = 3 }), typeof(ShapeException), ["3 heads"]),
        ["lengths beside those of the cache"] = (static (r, c) => r.Normal(1, 2, 1, Size).Attention(c, new AttentionOptions { Lengths = r.Device.Indices(1, 1) }), typeof(ArgumentException), ["lengths"]),
        ["a layer of other heads"] = (static (r, c) => { using var other = new KeyValueCache(r.Device, 2, 3, 2); r.Attention.Decode(r.Normal(1, 2, 1, Size), other); }, typeof(ShapeException), ["Decode", "3 heads"]),
    };

    public static TheoryData<string> Names => [.. s_table.Keys];

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        var (act, type, message) = s_table[name];
        using var run = new Layer(packed: true);
        using var cache = run.Attention.Cache(2);
        Refusals.Check(() => act(run, cache), type, message);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_cache_has_no_gradient()
    {
        await Task.Yield();
        using var run = new Layer(packed: true, scope: false);
        using var cache = run.Attention.Cache(1);
        using var tape = run.Device.Record();
        var error = Assert.Throws<InvalidOperationException>(() => run.Attention.Decode(run.Normal(1, 1, 1, Size), cache));
        Assert.Contains("without a tape", error.Message);
    }

    // Sums of a few floats of order one in another order.
    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-6f);
    }

    private sealed class Layer : IDisposable
    {
        private readonly DeviceLease _lease = TestDevices.Lease();
        private readonly MemoryScope? _scope;

        public Layer(bool packed, bool scope = true)
        {
            var options = packed ? null : new MultiHeadAttentionOptions { HeadSize = 5, HeadValueSize = 3 };
            Attention = new MultiHeadAttention(new Vars(Device, seed: 4), Size, Heads, options);
            if (scope) _scope = Device.Scope();
        }

        public Device Device => _lease.Device;

        public MultiHeadAttention Attention { get; }

        public Tensor Normal(int seed, params int[] shape) => Device.RandomNormal(shape, new Philox((ulong)seed));

        public void Dispose()
        {
            _scope?.Dispose();
            foreach (var parameter in Attention.Parameters) parameter.Buffer.Free();
            _lease.Dispose();
        }
    }
}
