using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Largest and smallest values of rows: one of one, all of them, more than a merge's run.</summary>
internal sealed class TopKCases : IOpCases
{
    public IEnumerable<OpCase> Cases => new[] { true, false }.SelectMany(largest => new[]
    {
        Case([7], 3, largest),
        Case([3, 1], 1, largest),
        Case([2, 5], 5, largest),
        Case([2, 3, 31], 4, largest),
        Case([3, 1023], 127, largest),
        Case([2, 40], 0, largest),
        Case([0, 4], 2, largest),
    });

    private static OpCase Case(int[] shape, int k, bool largest) => new(
        $"top {k} of [{string.Join(", ", shape)}], {(largest ? "largest" : "smallest")}", [OpInput.Distinct(shape)],
        x => x[0].TopK(k, largest).Values,
        x =>
        {
            int columns = shape[^1], rows = columns == 0 ? 0 : x[0].Length / columns;
            var y = new NdArray([.. shape[..^1], k]);
            for (int row = 0; row < rows; row++)
            {
                var values = x[0].Values[(row * columns)..((row + 1) * columns)];
                Real[] sorted = [.. largest ? values.OrderByDescending(v => v.Value) : values.OrderBy(v => v.Value)];
                for (int j = 0; j < k; j++) y.Values[row * k + j] = sorted[j];
            }
            return y;
        });
}
