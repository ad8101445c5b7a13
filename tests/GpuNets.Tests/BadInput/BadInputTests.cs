namespace GpuNets.Tests.BadInput;

/// <summary>What users do wrong, and what they are told: the operation, the argument, what came, what was expected.</summary>
public sealed class BadInputTests
{
    private static readonly Dictionary<string, (Action<Device> Act, string Message)> s_cases = new()
    {
        ["reshape to another count"] = (d => d.Tensor(new float[6], (2, 3)).Reshape(4, 2), "Reshape: [2, 3] has 6 elements but [4, 2] has 8."),
        ["reshape with a rest that does not divide"] = (d => d.Tensor(new float[6], (2, 3)).Reshape(4, -1), "Reshape: [2, 3] (6 elements) does not divide into [4, -1]."),
        ["reshape with two rests"] = (d => d.Tensor(new float[6], (2, 3)).Reshape(-1, -1), "Reshape: [-1, -1] has more than one -1."),
        ["reshape with a negative size"] = (d => d.Tensor(new float[6], (2, 3)).Reshape(-2, 3), "Reshape: dimension -2 of [-2, 3] is negative; only -1 stands for the rest."),
        ["reshape nothing with a rest"] = (d => d.Tensor([], (0, 3)).Reshape(0, -1), "Reshape: the -1 of [0, -1] may be anything, because the other dimensions make 0 elements."),
        ["squeeze"] = (d => d.Tensor(new float[6], (2, 3)).Squeeze(1), "Squeeze: axis 1 of [2, 3] has size 3, expected 1."),
        ["unsqueeze"] = (d => d.Tensor(new float[6], (2, 3)).Unsqueeze(3), "Unsqueeze: a new axis at 3 does not fit [2, 3]; expected -3 to 2."),
        ["flatten backwards"] = (d => d.Tensor(new float[6], (2, 3)).Flatten(1, 0), "Flatten: axis 1 lies behind axis 0 in [2, 3]."),
        ["an axis that is not there"] = (d => d.Tensor(new float[6], (2, 3)).Transpose(0, 2), "Transpose: axis 2 does not exist in [2, 3]."),
        ["permute, too few axes"] = (d => d.Tensor(new float[6], (2, 3)).Permute(0), "Permute: 1 axes given for [2, 3], which has 2."),
        ["permute, one axis twice"] = (d => d.Tensor(new float[6], (2, 3)).Permute(1, -1), "Permute: axis 1 appears twice in [1, -1]."),
        ["permute, too many axes"] = (d => d.Tensor(new float[128], [2, 2, 2, 2, 2, 2, 2]).Permute(6, 5, 4, 3, 2, 1, 0),
            "Permute: 7 axes are left of [2, 2, 2, 2, 2, 2, 2] after merging, at most 6 are supported."),
        ["slice beyond the end"] = (d => d.Tensor(new float[6], (2, 3)).Slice(1, 1, 4), "Slice: 1..4 does not lie in axis 1 of [2, 3], which has 3 elements."),
        ["slice backwards"] = (d => d.Tensor(new float[6], (2, 3)).Slice(1, -1, 1), "Slice: -1..1 does not lie in axis 1 of [2, 3], which has 3 elements."),
        ["slice without a step"] = (d => d.Tensor(new float[6], (2, 3)).Slice(1, 0, 3, 0), "Slice: step 0 of axis 1 is below 1."),
        ["select"] = (d => d.Tensor(new float[6], (2, 3)).Select(0, -3), "Select: index -3 does not exist in axis 0 of [2, 3]."),
        ["split sizes"] = (d => d.Tensor(new float[6], (2, 3)).Split(1, 1, 1), "Split: sizes [1, 1] add up to 2 but axis 1 of [2, 3] has 3."),
        ["split, negative"] = (d => d.Tensor(new float[6], (2, 3)).Split(1, 4, -1), "Split: size -1 of [4, -1] is negative."),
        ["chunk"] = (d => d.Tensor(new float[6], (2, 3)).Chunk(1, 2), "Chunk: axis 1 of [2, 3] does not divide into 2 equal pieces; use Split for others."),
        ["concatenate nothing"] = (_ => Tensor.Concatenate(0), "Concatenate: expected at least one tensor."),
        ["concatenate other shapes"] = (d => Tensor.Concatenate(0, d.Tensor(new float[6], (2, 3)), d.Tensor(new float[2], (1, 2))),
            "Concatenate: tensor 1 has shape [1, 2], which differs from [2, 3] (tensor 0) in more than axis 0."),
        ["stack nothing"] = (_ => Tensor.Stack(0), "Stack: expected at least one tensor."),
        ["stack other shapes"] = (d => Tensor.Stack(0, d.Tensor(1, 2), d.Tensor(1, 2, 3)), "Stack: tensor 1 has shape [3] but tensor 0 has [2]."),
        ["pad, wrong number"] = (d => d.Tensor(new float[6], (2, 3)).Pad([(1, 1)]), "Pad: 1 paddings given for [2, 3], which has 2 axes."),
        ["pad, negative"] = (d => d.Tensor(new float[6], (2, 3)).Pad(1, -1, 0), "Pad: padding (-1, 0) of axis 1 is negative; use Slice to cut."),
        ["broadcast"] = (d => d.Tensor(new float[6], (2, 3)).BroadcastTo((2, 4)), "BroadcastTo: [2, 3] does not broadcast to [2, 4]: each axis, from the last on, must be equal or 1."),
        ["broadcast to fewer axes"] = (d => d.Tensor(new float[6], (2, 3)).BroadcastTo(3), "BroadcastTo: [2, 3] does not broadcast to [3]: each axis, from the last on, must be equal or 1."),
        ["repeat"] = (d => d.Tensor(1, 2).Repeat(0, -1), "Repeat: -1 repetitions of axis 0 are less than 0."),
        ["index select, too large"] = (d => d.Tensor(new float[6], (2, 3)).IndexSelect(0, d.Indices(0, 2)), "IndexSelect: index 2 does not exist in axis 0 of [2, 3], which has 2 elements."),
        ["index select, negative"] = (d => d.Tensor(new float[6], (2, 3)).IndexSelect(0, d.Indices(5, -1)), "IndexSelect: index -1 does not exist in axis 0 of [2, 3], which has 2 elements."),
        ["embedding"] = (d => new Embedding(new Vars(d), 4, 2).Forward(d.Indices(1, 4)), "Embedding: index 4 does not exist in axis 0 of [4, 2], which has 4 elements."),
        ["gather, too large"] = (d => d.Tensor(new float[6], (2, 3)).Gather(1, d.Indices([3], (1, 1))), "Gather: index 3 does not exist in axis 1 of [2, 3], which has 3 elements."),
        ["gather, other axes"] = (d => d.Tensor(new float[6], (2, 3)).Gather(1, d.Indices(0, 1)), "Gather: index [2] must have as many axes as [2, 3] and be no longer on any but axis 1."),
        ["layer norm, other axes"] = (d => d.Tensor(new float[6], (2, 3)).LayerNorm(2), "LayerNorm: the last axes of [2, 3] must be [2]."),
        ["layer norm, other weight"] = (d => d.Tensor(new float[6], (2, 3)).LayerNorm(3, d.Tensor(1, 2)), "LayerNorm: weight has shape [2], expected [3] as the last axes of x [2, 3]."),
        ["layer norm of nothing"] = (d => d.Tensor([], (2, 0)).LayerNorm(0), "LayerNorm: there is nothing to normalise in [0]."),
        ["layer norm, epsilon"] = (d => d.Tensor(1, 2).LayerNorm(2, epsilon: 0), "LayerNorm: epsilon must be positive. (Parameter 'epsilon')\nActual value was 0."),
        ["dropout, probability"] = (d => d.Tensor(1, 2).Dropout(1.5f, new RandomSource(1)), "Dropout: the probability must lie in [0, 1]. (Parameter 'probability')\nActual value was 1.5."),
        ["dropout layer, probability"] = (d => _ = new Dropout(new Vars(d), float.NaN), "Dropout: the probability must lie in [0, 1]. (Parameter 'probability')\nActual value was NaN."),
        ["embedding, padding"] = (d => _ = new Embedding(new Vars(d), 4, 2, paddingIndex: 4), "Embedding: the table has rows 0 to 3. (Parameter 'paddingIndex')\nActual value was 4."),
        ["values that do not fill the shape"] = (d => d.Tensor([1, 2, 3], (2, 2)), "Tensor: 3 values do not fill [2, 2] (4 elements)."),
        ["item of a vector"] = (d => d.Tensor(1, 2).Item(), "Item: expected a tensor with one element, got [2]."),
        ["a negative dimension"] = (d => d.Tensor([], (-1, 2)), "Shape: dimension -1 of [-1, 2] is negative."),
        ["more elements than an int counts"] = (d => d.Tensor([], new Shape(65536, 32768)), "Shape: [65536, 32768] has more than 2^31 - 1 elements."),
    };

    public static TheoryData<string> Names() => [.. s_cases.Keys];

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message_that_says_what_and_why(string name)
    {
        await Task.Yield();
        var (act, message) = s_cases[name];
        using var device = TestDevices.Open();
        using var scope = device.Scope();
        long launches = device.Launches;
        var error = Assert.ThrowsAny<Exception>(() => act(device));
        Assert.True(error is GpuNetsException or ArgumentException, error.GetType().Name);
        Assert.Equal(message, error.Message.ReplaceLineEndings("\n"));
        Assert.Equal(launches, device.Launches);   // nothing ran, so nothing was read or written out of range
    }

    [Fact(Timeout = 300_000)]
    public async Task Tensors_of_two_devices_do_not_mix()
    {
        await Task.Yield();
        using var first = TestDevices.Open();
        using var second = TestDevices.Open();
        var (a, b) = (first.Tensor([1, 2], (1, 2)), second.Tensor([1, 2], (1, 2)));
        var index = second.Indices(0);
        string name = first.ToString();
        Action[] acts =
        [
            () => Tensor.Concatenate(0, a, b), () => Tensor.Stack(0, a, b), () => a.IndexSelect(0, index), () => a.Gather(0, second.Indices([0], (1, 1))),
            () => a.LayerNorm(2, b.Reshape(2)), () => a.MatMul(b, transposeOther: true),
        ];
        foreach (var act in acts)
        {
            var error = Assert.Throws<DeviceMismatchException>(act);
            Assert.EndsWith($": operands live on different devices ({name} and {name}); copy one of them first.", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task NaN_stays_visible()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor([1, float.NaN, 3, 4], (2, 2));
        Assert.True(float.IsNaN(x.Transpose().ToArray()[2]));
        float[] y = x.LayerNorm(2).ToArray();
        Assert.True(float.IsNaN(y[0]) && float.IsNaN(y[1]), "a NaN must spoil its row");
        Assert.True(float.IsFinite(y[2]) && float.IsFinite(y[3]), "and no other");
    }
}
