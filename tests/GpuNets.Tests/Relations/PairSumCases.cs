using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Relations;

/// <summary>Sums over pairs: any number of layers, which pairs count, chunks of several examples and of a part of one.</summary>
internal sealed class PairSumCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Case("one layer", 2, 3, [5], new()),
        Case("two layers", 2, 3, [4, 3], new()),
        Case("four layers with a question", 3, 4, [9, 7, 8, 5], new() { KeptBytes = 0 }, context: true),
        Case("without i = j", 2, 4, [6, 5], new() { KeptBytes = 0, Self = false }),
        Case("unordered", 2, 4, [6, 5], new() { Unordered = true }),
        Case("unordered without i = j, mean", 2, 4, [6, 5], new() { Unordered = true, Self = false, Mean = true }, context: true),
        Case("mean", 1, 5, [3, 33], new() { KeptBytes = 0, Mean = true }),
        Case("one object", 3, 1, [3, 4], new()),
        Case("one object and no pair", 2, 1, [3, 4], new() { Self = false }),
        Case("in parts of an example", 2, 5, [7, 6], new() { KeptBytes = 0 }, chunkRows: 7, context: true),
        Case("in parts of an example, without i = j", 2, 5, [7, 6], new() { KeptBytes = 0, Self = false, Mean = true }, chunkRows: 3),
        Case("several examples to a chunk, and a rest", 5, 3, [4, 6], new() { KeptBytes = 0 }, chunkRows: 20),
        Case("with room for all activations", 2, 5, [6, 9, 8, 5], new() { KeptBytes = 1 << 20 }, context: true),
        Case("with the activations of some chunks kept", 2, 5, [7, 6, 5], new() { KeptBytes = 700 }, chunkRows: 7, context: true),
        Case("many examples, several to a chunk", 37, 3, [9, 7, 17], new() { KeptBytes = 0 }, chunkRows: 20, context: true),
        Case("many examples in parts, the mean", 8, 3, [7, 6, 5], new() { KeptBytes = 1000, Mean = true }, chunkRows: 5, context: true),
        Case("many examples of one layer", 11, 3, [5], new() { Self = false }),
        Case("wide", 2, 6, [70, 35, 33], new() { KeptBytes = 0 }, chunkRows: 16),
    ];

    private static OpCase Case(string name, int batch, int objects, int[] widths, PairSumOptions options, bool context = false, int? chunkRows = null)
    {
        // Scaled so that sums stay of order one; far from the kinks of ReLU with certainty they cannot be.
        List<OpInput> inputs = [OpInput.Normal(batch, objects, widths[0]), OpInput.Normal(batch, objects, widths[0])];
        for (int l = 1; l < widths.Length; l++)
        {
            inputs.Add(OpInput.Uniform(-0.8, 0.8, widths[l], widths[l - 1]));
            inputs.Add(OpInput.Uniform(-0.5, 0.5, widths[l]));
        }
        if (context) inputs.Add(OpInput.Normal(batch, widths[0]));
        int end = 2 * widths.Length;
        return new OpCase(
            $"pair sum {name}", [.. inputs],
            x => PairSumOp.Apply(
                x[0], x[1], context ? x[end] : null, [.. Every(x[2..end], 0)], [.. Every(x[2..end], 1)], options, chunkRows),
            x => PairSumReference.Of(x[0], x[1], context ? x[end] : null, x[2..end], options.Self, options.Unordered, options.Mean))
        { Cancels = true, Emulate = batch * objects * widths[0] <= 64 };
    }

    private static IEnumerable<Tensor> Every(Tensor[] values, int offset) => values.Where((_, n) => n % 2 == offset);
}
