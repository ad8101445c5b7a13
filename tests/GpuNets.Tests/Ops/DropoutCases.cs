using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>Dropout against the same random numbers drawn on the host: every device must use the same mask, forward and backward.</summary>
internal sealed class DropoutCases : IOpCases
{
    private static readonly Philox s_random = new RandomSource(3).Next();

    public IEnumerable<OpCase> Cases => [Case(1, 0.5f), Case(33, 0.1f), Case(1023, 0.9f), Case(7, 0f), Case(5, 1f), Case(0, 0.5f)];

    private static OpCase Case(int size, float probability) =>
        new($"dropout {probability} [{size}]", [OpInput.Normal(size)], x => x[0].Dropout(probability, new RandomSource(3)), x =>
        {
            uint i = 0;
            return x[0].Map(value => s_random.Uniform(i++) < probability ? 0 : value / (1 - probability));
        });
}
