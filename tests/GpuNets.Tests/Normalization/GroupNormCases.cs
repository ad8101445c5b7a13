using GpuNets.Reference;
using GpuNets.Tests.Ops;
using static GpuNets.Tests.Normalization.NormalizationReference;

namespace GpuNets.Tests.Normalization;

/// <summary>Group norm from one group to a group per channel; vectors, short planes and long ones; layer norm with a rectifier.</summary>
internal sealed class GroupNormCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Full(1, 3, 5), Full(2, 7, 6), Full(3, 40, 33), Full(4, 2, 8, 3), Full(2, 9, 4, 5), Full(2, 2, 4, 16), Full(2, 2, 6, 31), Full(3, 1, 3, 5, 7),
        Full(1, 2, 2, 2100), Full(2, 11, 4, 127), Full(1, 0, 2, 3),
        new("group norm without parameters", [OpInput.Normal(2, 4, 3)], x => x[0].GroupNorm(2), x => Group(x[0], 2)),
        new("group norm of planes without parameters", [OpInput.Normal(2, 4, 20)], x => x[0].GroupNorm(2), x => Group(x[0], 2)),
        new("group norm with a weight alone", [OpInput.Normal(2, 4, 20), OpInput.Normal(4)], x => x[0].GroupNorm(2, x[1]), x => Affine(Group(x[0], 2), x[1])),
        new("group norm, large mean", [OpInput.Uniform(100, 101, 2, 4, 40)], x => x[0].GroupNorm(2), x => Group(x[0], 2)),
        Rectified(2, 5, 6), Rectified(2, 3, 4, 5), Rectified(2, 2, 4, 24),
        new("layer norm and relu", [OpInput.Normal(5, 33), OpInput.Normal(33), OpInput.Normal(33)],
            x => x[0].LayerNorm(33, x[1], x[2], relu: true), x => Relu(Affine(Rows(x[0]), x[1], x[2]))),
        new("layer norm without parameters and relu", [OpInput.Normal(4, 7)], x => x[0].LayerNorm(7, relu: true), x => Relu(Rows(x[0]))),
    ];

    private static NdArray Rows(NdArray x) => Normalize(x, (sample, _) => sample);

    private static OpCase Full(int groups, params int[] shape) => new(
        $"group norm [{string.Join(", ", shape)}] in {groups}", Inputs(shape), x => x[0].GroupNorm(groups, x[1], x[2]), x => Affine(Group(x[0], groups), x[1], x[2]));

    private static OpCase Rectified(int groups, params int[] shape) => new(
        $"group norm and relu [{string.Join(", ", shape)}] in {groups}", Inputs(shape),
        x => x[0].GroupNorm(groups, x[1], x[2], relu: true), x => Relu(Affine(Group(x[0], groups), x[1], x[2])));

    private static OpInput[] Inputs(int[] shape) => [OpInput.Normal(shape), OpInput.Normal(shape[1]), OpInput.Normal(shape[1])];
}
