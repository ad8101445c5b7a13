using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Attention;

/// <summary>Additive attention with one query or several per sample, all keys or some.</summary>
internal sealed class AdditiveAttentionCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Case(1, null, 1, 1, 1),
        Case(2, null, 3, 5, 4),
        Case(2, 2, 2, 3, 2),
        Case(3, null, 5, 33, 31, [5, 0, 2]),
        Case(2, 3, 9, 17, 127, [4, 9]),
        Case(1, null, 2, 1023, 70),
        Case(0, null, 2, 3, 4),
        Case(2, null, 0, 3, 4),
    ];

    private static OpCase Case(int batch, int? queries, int keys, int units, int features, int[]? lengths = null)
    {
        int[] Query(int last) => queries is { } count ? [batch, count, last] : [batch, last];
        return new OpCase(
            $"additive attention [{string.Join(", ", Query(units))}] to [{keys}, {features}]{(lengths is null ? "" : $" lengths {string.Join(' ', lengths)}")}",
            [OpInput.Normal(Query(units)), OpInput.Normal(batch, keys, units), OpInput.Uniform(-1, 1, units), OpInput.Normal(batch, keys, features)],
            x => x[0].AdditiveAttention(x[1], x[2], x[3], lengths is null ? null : x[0].Device.Indices(lengths)).Context,
            x => AttentionReference.Additive(x[0].Reshape(batch, queries ?? 1, units), x[1], x[2], x[3], lengths).Reshape(Query(features)))
        { Cancels = true };
    }
}
