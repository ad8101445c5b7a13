using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Attention;

/// <summary>Attention that cannot be, with messages that name what came.</summary>
public sealed class AttentionBadInputTests
{
    private static readonly Refusals s_table = new()
    {
        ["a query of another rank"] = (d => X(d, 2, 3, 4).Attention(X(d, 1, 2, 3, 4), X(d, 1, 2, 3, 4)), typeof(ShapeException), ["Attention", "query", "[2, 3, 4]", "[batch, heads, time, size]"]),
        ["a key of another rank"] = (d => X(d, 1, 2, 3, 4).Attention(X(d, 2, 3, 4), X(d, 1, 2, 3, 4)), typeof(ShapeException), ["key", "[2, 3, 4]"]),
        ["a value of another rank"] = (d => X(d, 1, 2, 3, 4).Attention(X(d, 1, 2, 3, 4), X(d, 3, 4)), typeof(ShapeException), ["value", "[3, 4]"]),
        ["keys of another size"] = (d => X(d, 1, 2, 3, 4).Attention(X(d, 1, 2, 3, 5), X(d, 1, 2, 3, 5)), typeof(ShapeException), ["key", "[1, 2, 3, 5]", "[1, 2, 3, 4]"]),
        ["keys of other heads"] = (d => X(d, 1, 2, 3, 4).Attention(X(d, 1, 3, 3, 4), X(d, 1, 3, 3, 4)), typeof(ShapeException), ["key", "[1, 3, 3, 4]", "[1, 2, 3, 4]"]),
        ["keys of another batch"] = (d => X(d, 2, 3, 4).Attention(X(d, 1, 3, 4), X(d, 1, 3, 4), Heads(2)), typeof(ShapeException), ["key", "[1, 3, 4]", "[2, 3, 4]"]),
        ["values of other times"] = (d => X(d, 1, 2, 3, 4).Attention(X(d, 1, 2, 3, 4), X(d, 1, 2, 5, 4)), typeof(ShapeException), ["value", "[1, 2, 5, 4]", "[1, 2, 3, 4]"]),
        ["features that do not divide into heads"] = (d => X(d, 1, 3, 5).Attention(X(d, 1, 3, 5), X(d, 1, 3, 5), Heads(2)), typeof(ShapeException), ["query", "[1, 3, 5]", "2 heads"]),
        ["values that do not divide into heads"] = (d => X(d, 1, 3, 4).Attention(X(d, 1, 3, 4), X(d, 1, 3, 5), Heads(2)), typeof(ShapeException), ["value", "[1, 3, 5]", "2 heads"]),
        ["no heads"] = (d => X(d, 1, 3, 4).Attention(X(d, 1, 3, 4), X(d, 1, 3, 4), Heads(0)), typeof(ArgumentOutOfRangeException), ["Attention", "head"]),
        ["heads too large"] = (d => X(d, 1, 1, 1, 1025).Attention(X(d, 1, 1, 1, 1025), X(d, 1, 1, 1, 2)), typeof(ShapeException), ["1024", "1025"]),
        ["values without features"] = (d => X(d, 1, 1, 2, 3).Attention(X(d, 1, 1, 2, 3), X(d, 1, 1, 2, 0)), typeof(ShapeException), ["values of 0"]),
        ["lengths of another shape"] = (d => Self(d, new() { Lengths = d.Indices(1) }), typeof(ShapeException), ["lengths", "[1]", "[2]"]),
        ["a length beyond the keys"] = (d => Self(d, new() { Lengths = d.Indices(1, 4) }), typeof(ShapeException), ["lengths", "1 to 4", "0 to 3"]),
        ["a negative length"] = (d => Self(d, new() { Lengths = d.Indices(-1, 3) }), typeof(ShapeException), ["lengths", "-1 to 3"]),
        ["a bias of another rank"] = (d => Self(d, new() { Bias = X(d, 3, 3) }), typeof(ShapeException), ["bias", "[3, 3]", "1 or 2"]),
        ["a bias of other heads"] = (d => Self(d, new() { Bias = X(d, 1, 3, 3, 3) }), typeof(ShapeException), ["bias", "[1, 3, 3, 3]"]),
        ["a bias of other keys"] = (d => Self(d, new() { Bias = X(d, 1, 1, 3, 4) }), typeof(ShapeException), ["bias", "[1, 1, 3, 4]"]),
        ["an infinite scale"] = (d => Self(d, new() { Scale = float.PositiveInfinity }), typeof(ArgumentOutOfRangeException), ["Attention", "scale"]),
        ["dropout of everything"] = (d => Self(d, new() { Dropout = 1, Random = new RandomSource(1) }), typeof(ArgumentOutOfRangeException), ["Attention", "dropout"]),
        ["dropout without random numbers"] = (d => Self(d, new() { Dropout = 0.5f }), typeof(ArgumentException), ["Attention", "random"]),
        ["a packed input of another rank"] = (d => X(d, 1, 2, 3, 4).SelfAttention(Heads(2)), typeof(ShapeException), ["SelfAttention", "[1, 2, 3, 4]"]),
        ["a packed input that does not divide"] = (d => X(d, 1, 2, 8).SelfAttention(Heads(2)), typeof(ShapeException), ["SelfAttention", "[1, 2, 8]", "2 heads"]),
        ["a packed input without a number of heads"] = (d => X(d, 1, 2, 6).SelfAttention(new()), typeof(ArgumentException), ["SelfAttention", "heads"]),
        ["an additive query of another rank"] = (d => X(d, 3).AdditiveAttention(X(d, 1, 2, 3), X(d, 3), X(d, 1, 2, 4)), typeof(ShapeException), ["AdditiveAttention", "query", "[3]"]),
        ["an additive key of another rank"] = (d => X(d, 1, 3).AdditiveAttention(X(d, 2, 3), X(d, 3), X(d, 1, 2, 4)), typeof(ShapeException), ["key", "[2, 3]"]),
        ["an additive key of other units"] = (d => X(d, 1, 3).AdditiveAttention(X(d, 1, 2, 4), X(d, 3), X(d, 1, 2, 4)), typeof(ShapeException), ["key", "[1, 2, 4]", "[1, 2, 3]"]),
        ["a v of other units"] = (d => X(d, 1, 3).AdditiveAttention(X(d, 1, 2, 3), X(d, 4), X(d, 1, 2, 4)), typeof(ShapeException), ["v has shape [4]", "[3]"]),
        ["additive values of other keys"] = (d => X(d, 1, 3).AdditiveAttention(X(d, 1, 2, 3), X(d, 3), X(d, 1, 5, 4)), typeof(ShapeException), ["value", "[1, 5, 4]"]),
        ["additive lengths of another shape"] = (d => X(d, 1, 3).AdditiveAttention(X(d, 1, 2, 3), X(d, 3), X(d, 1, 2, 4), d.Indices(1, 1)), typeof(ShapeException), ["lengths", "[2]", "[1]"]),
        ["an additive length beyond the keys"] = (d => X(d, 1, 3).AdditiveAttention(X(d, 1, 2, 3), X(d, 3), X(d, 1, 2, 4), d.Indices(3)), typeof(ShapeException), ["lengths", "3 to 3", "0 to 2"]),
        ["heads that do not divide"] = (d => new MultiHeadAttention(new Vars(d), 5, 2), typeof(ArgumentException), ["MultiHeadAttention", "5", "2 heads"]),
        ["a layer with dropout of everything"] = (d => new MultiHeadAttention(new Vars(d), 4, 2, new() { Dropout = 1 }), typeof(ArgumentOutOfRangeException), ["dropout"]),
    };

    public static TheoryData<string> Names => s_table.Names;

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_table.Check(name);
    }

    private static Tensor X(Device device, params int[] shape) => device.Zeros(shape);

    private static AttentionOptions Heads(int heads) => new() { Heads = heads };

    private static void Self(Device device, AttentionOptions options) => X(device, 2, 2, 3, 4).Attention(X(device, 2, 2, 3, 4), X(device, 2, 2, 3, 4), options);
}
