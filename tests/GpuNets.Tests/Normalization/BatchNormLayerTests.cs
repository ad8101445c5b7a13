namespace GpuNets.Tests.Normalization;

/// <summary>Running statistics of a batch norm: how they move, when they are used, that they are saved and loaded.</summary>
public sealed class BatchNormLayerTests
{
    private static readonly float[] s_first = [1, 5, 3, 9, 2, 1], s_second = [0, -4, 8, 2, 4, 2];   // [3, 2]

    [Fact(Timeout = 300_000)]
    public async Task Running_statistics_move_by_momentum_and_the_unbiased_variance()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2));
        owned.Train(s_first);
        // Channel 0: 1, 3, 2 (mean 2, variance 1); channel 1: 5, 9, 1 (mean 5, variance 16).
        AssertClose([0.2f, 0.5f], owned.Norm.RunningMean!.ToArray());
        AssertClose([1f, 2.5f], owned.Norm.RunningVariance!.ToArray());
        owned.Train(s_second);
        // 0, 8, 4 (mean 4, variance 16); -4, 2, 2 (mean 0, variance 12).
        AssertClose([0.9f * 0.2f + 0.4f, 0.45f], owned.Norm.RunningMean!.ToArray());
        AssertClose([0.9f + 1.6f, 0.9f * 2.5f + 1.2f], owned.Norm.RunningVariance!.ToArray());
        Assert.Equal(2, owned.Norm.BatchesTracked);
    }

    [Fact(Timeout = 300_000)]
    public async Task Without_momentum_every_batch_weighs_the_same()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2, new BatchNormOptions { Momentum = null }));
        owned.Train(s_first);
        owned.Train(s_second);
        AssertClose([3f, 2.5f], owned.Norm.RunningMean!.ToArray());
        AssertClose([8.5f, 14f], owned.Norm.RunningVariance!.ToArray());
    }

    [Theory(Timeout = 300_000), InlineData(1), InlineData(3), InlineData(40)]
    public async Task Running_statistics_of_planes_are_those_of_vectors(int size)
    {
        await Task.Yield();
        using Made planes = new(v => new BatchNorm1d(v, 2)), vectors = new(v => new BatchNorm1d(v, 2));
        float[] values = [.. Enumerable.Range(0, 6 * size).Select(i => MathF.Sin(i * i) + i % 5)];
        planes.Train(values, (3, 2, size));
        // The same values with the places as samples.
        float[] moved = new float[values.Length];
        for (int sample = 0; sample < 3; sample++)
            for (int place = 0; place < size; place++)
                for (int channel = 0; channel < 2; channel++) moved[(sample * size + place) * 2 + channel] = values[(sample * 2 + channel) * size + place];
        vectors.Train(moved, (3 * size, 2));
        AssertClose(vectors.Norm.RunningMean!.ToArray(), planes.Norm.RunningMean!.ToArray());
        AssertClose(vectors.Norm.RunningVariance!.ToArray(), planes.Norm.RunningVariance!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Inference_and_a_frozen_layer_use_the_running_statistics_and_leave_them()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2));
        owned.Train(s_first);
        float[] expected = [.. s_second.Select((x, i) => i % 2 == 0
            ? (x - 0.2f) / MathF.Sqrt(1f + 1e-5f) : (x - 0.5f) / MathF.Sqrt(2.5f + 1e-5f))];
        AssertClose(expected, owned.Infer(s_second));
        owned.Norm.Frozen = true;
        AssertClose(expected, owned.Train(s_second));
        AssertClose([0.2f, 0.5f], owned.Norm.RunningMean!.ToArray());
        Assert.Equal(1, owned.Norm.BatchesTracked);
    }

    [Fact(Timeout = 300_000)]
    public async Task Folded_numbers_compute_what_inference_does()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2));
        owned.Norm.Weight!.Assign([0.5f, -2f]);
        owned.Norm.Bias!.Assign([3f, 1f]);
        owned.Train(s_first);
        float[] expected = owned.Infer(s_second);
        using var scope = owned.Device.Scope();
        var (scale, shift) = owned.Norm.Fold();
        AssertClose(expected, (owned.Device.Tensor(s_second, (3, 2)) * scale + shift).ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Without_tracking_inference_takes_the_batch()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2, new BatchNormOptions { TrackStatistics = false, Affine = false }));
        Assert.Empty(owned.Vars.State());
        float[] y = owned.Infer(s_first);
        Assert.Equal(0, y[0] + y[2] + y[4], 1e-5f);
        Assert.Throws<InvalidOperationException>(() => owned.Norm.Fold());
    }

    [Fact(Timeout = 300_000)]
    public async Task State_has_the_names_of_PyTorch_and_comes_back()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        using Made first = new(v => new BatchNorm1d(v["bn"], 2)), second = new(v => new BatchNorm1d(v["bn"], 2));
        first.Train(s_first);
        string path = Path.Combine(folder.Path, "norm.safetensors");
        first.Vars.Save(path);
        var state = StateDict.Load(path);
        Assert.Equal(["bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked"], state.Names.Order(new AsMade()));
        Assert.Equal(SafetensorsType.I64, state["bn.num_batches_tracked"].Type);
        Assert.Empty(state["bn.num_batches_tracked"].Shape);
        second.Vars.Load(path);
        Assert.Equal(first.Norm.RunningVariance!.ToArray(), second.Norm.RunningVariance!.ToArray());
        Assert.Equal(1, second.Norm.BatchesTracked);
        Assert.Equal(first.Infer(s_second), second.Infer(s_second));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_state_without_running_statistics_is_refused_and_changes_nothing()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2));
        var state = new StateDict();
        foreach (var tensor in owned.Vars.State())
            if (tensor.Name != "running_var") state.Add(tensor.Name == "weight" ? StateTensor.From("weight", [2], [7f, 7f]) : tensor);
        var error = Assert.Throws<StateDictException>(() => owned.Vars.Load(state));
        Assert.Contains("running_var", error.Message);
        Assert.Equal([1f, 1f], owned.Norm.Weight!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task A_name_is_taken_once_by_parameters_buffers_and_counters()
    {
        await Task.Yield();
        using var owned = new Made(v => new BatchNorm1d(v, 2));
        Assert.Contains("running_mean", Assert.Throws<StateException>(() => owned.Vars.Parameter("running_mean", 2, Init.Zeros)).Message);
        Assert.Contains("weight", Assert.Throws<StateException>(() => owned.Vars.Buffer("weight", 2, Init.Zeros)).Message);
        Assert.Contains("bias", Assert.Throws<StateException>(() => owned.Vars.Counter("bias")).Message);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-6f * Math.Max(1, MathF.Abs(expected[i])));
    }

    /// <summary>The order of PyTorch; a file's order is that of the alphabet.</summary>
    private sealed class AsMade : IComparer<string>
    {
        private static readonly string[] s_order = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];

        public int Compare(string? x, string? y) => Place(x).CompareTo(Place(y));

        private static int Place(string? name) => Array.IndexOf(s_order, name!.Split('.')[^1]);
    }

    /// <summary>A layer on a device on loan.</summary>
    private sealed class Made : IDisposable
    {
        private readonly DeviceLease _lease = TestDevices.Lease();

        public Made(Func<Vars, BatchNorm> make)
        {
            Vars = new Vars(_lease.Device);
            Norm = make(Vars);
        }

        public Vars Vars { get; }

        public BatchNorm Norm { get; }

        public Device Device => _lease.Device;

        public float[] Train(float[] values, Shape? shape = null)
        {
            using var tape = Device.Record();
            return Norm.Forward(Device.Tensor(values, shape ?? (3, 2))).ToArray();
        }

        public float[] Infer(float[] values)
        {
            using var scope = Device.Scope();
            return Norm.Forward(Device.Tensor(values, (3, 2))).ToArray();
        }

        public void Dispose()
        {
            foreach (var parameter in Vars.Parameters) parameter.Buffer.Free();
            foreach (var buffer in Vars.Buffers) buffer.Buffer.Free();
            _lease.Dispose();
        }
    }
}
