using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Picks the type arguments of the fused kernels for GPUs and launches them.</summary>
internal static class TeamAttentionLauncher
{
    /// <summary>Threads per group.</summary>
    public const int GroupSize = 256;

    /// <summary>Whether a device has such groups.</summary>
    public static bool Suits(Device device) =>
        device.Form is ExecutionForm.Group or ExecutionForm.Warp && device.Accelerator.MaxNumThreadsPerGroup >= GroupSize;

    public static void Forward(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        bool aligned = IsAligned(problem, output);
        if (problem.Device.Form == ExecutionForm.Warp) Forward<WarpHalves>(problem, output, softmax, aligned);
        else Forward<SharedRows>(problem, output, softmax, aligned);
    }

    /// <summary>All gradients but that of a bias, which <see cref="BlockedAttention"/> makes.</summary>
    public static void Backward(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
    {
        bool aligned = IsAligned(problem, outputGradient);
        foreach (var target in new[] { gradients.Query, gradients.Key, gradients.Value })
            if (target is { } there) aligned &= IsAligned(there);
        if (aligned) Backward<VectorAccess>(problem, output, softmax, outputGradient, gradients);
        else Backward<ScalarAccess>(problem, output, softmax, outputGradient, gradients);
    }

    private static void Forward<TExchange>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax, bool aligned)
        where TExchange : struct, ITeamExchange
    {
        if (aligned) Forward<VectorAccess, TExchange>(problem, output, softmax);
        else Forward<ScalarAccess, TExchange>(problem, output, softmax);
    }

    private static void Forward<TAccess, TExchange>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
        where TAccess : struct, ITeamAccess where TExchange : struct, ITeamExchange
    {
        if (problem.Size.ValueSize <= 32) Forward<TAccess, Columns32, TExchange>(problem, output, softmax);
        else if (problem.Size.ValueSize <= 64) Forward<TAccess, Columns64, TExchange>(problem, output, softmax);
        else if (problem.Size.ValueSize <= 96) Forward<TAccess, Columns96, TExchange>(problem, output, softmax);
        else if (problem.Size.ValueSize <= 128) Forward<TAccess, Columns128, TExchange>(problem, output, softmax);
        else Forward<TAccess, Columns256, TExchange>(problem, output, softmax);
    }

    private static void Forward<TAccess, TColumns, TExchange>(AttentionProblem problem, AttentionOperand output, DeviceBuffer? softmax)
        where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns> where TExchange : struct, ITeamExchange =>
        Launch(problem, problem.Size.Queries, first => new TeamAttention<TAccess, TColumns, TExchange>
        {
            Inputs = new(problem, first),
            Output = new(output),
            Softmax = (softmax ?? output.Buffer).Floats,
            KeepsSoftmax = softmax is null ? 0 : 1,
        });

    private static void Backward<TAccess>(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients)
        where TAccess : struct, ITeamAccess
    {
        var device = problem.Device;
        var deltas = device.Allocate(problem.Size.Rows, "row sums of attention");
        AttentionDeltas.Launch(problem.Size, output, outputGradient, deltas);
        if (gradients.Query is { } dq) Sized<TAccess, QueriesPass>(problem, problem.Size.Size, softmax, deltas, outputGradient, dq);
        if (gradients.Key is { } dk) Sized<TAccess, KeysPass<KeySide>>(problem, problem.Size.Size, softmax, deltas, outputGradient, dk);
        if (gradients.Value is { } dv) Sized<TAccess, KeysPass<ValueSide>>(problem, problem.Size.ValueSize, softmax, deltas, outputGradient, dv);
        deltas.Free();
    }

    private static void Sized<TAccess, TPass>(
        AttentionProblem problem, int columns, DeviceBuffer softmax, DeviceBuffer deltas, in AttentionOperand outputGradient, in AttentionOperand target)
        where TAccess : struct, ITeamAccess where TPass : struct, IPass
    {
        if (columns <= 32) TPass.Launch<TAccess, Columns32>(problem, softmax, deltas, outputGradient, target);
        else if (columns <= 64) TPass.Launch<TAccess, Columns64>(problem, softmax, deltas, outputGradient, target);
        else if (columns <= 96) TPass.Launch<TAccess, Columns96>(problem, softmax, deltas, outputGradient, target);
        else if (columns <= 128) TPass.Launch<TAccess, Columns128>(problem, softmax, deltas, outputGradient, target);
        else TPass.Launch<TAccess, Columns256>(problem, softmax, deltas, outputGradient, target);
    }

    private interface IPass
    {
        static abstract void Launch<TAccess, TColumns>(
            AttentionProblem problem, DeviceBuffer softmax, DeviceBuffer deltas, AttentionOperand outputGradient, AttentionOperand target)
            where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns>;
    }

    private readonly struct QueriesPass : IPass
    {
        public static void Launch<TAccess, TColumns>(
            AttentionProblem problem, DeviceBuffer softmax, DeviceBuffer deltas, AttentionOperand outputGradient, AttentionOperand target)
            where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns> =>
            TeamAttentionLauncher.Launch(problem, problem.Size.Queries, first => new TeamAttentionQueries<TAccess, TColumns>
            {
                Gradients = new(problem, first, outputGradient, softmax, deltas),
                QueryGradient = new(target),
            });
    }

    private readonly struct KeysPass<TSide> : IPass where TSide : struct, ITeamKeySide
    {
        public static void Launch<TAccess, TColumns>(
            AttentionProblem problem, DeviceBuffer softmax, DeviceBuffer deltas, AttentionOperand outputGradient, AttentionOperand target)
            where TAccess : struct, ITeamAccess where TColumns : struct, ITeamColumns<TColumns> =>
            TeamAttentionLauncher.Launch(problem, problem.Size.Keys, first => new TeamAttentionKeys<TSide, TAccess, TColumns>
            {
                Gradients = new(problem, first, outputGradient, softmax, deltas),
                Gradient = new(target),
            });
    }

    private static void Launch<TKernel>(AttentionProblem problem, int rows, Func<int, TKernel> kernel) where TKernel : struct, IGridKernel =>
        Launch(problem, rows, kernel, TeamStages.Width, GroupSize);

    /// <summary>Launches a kernel whose groups of so many threads take so many rows of a pair.</summary>
    /// <param name="problem">The attention.</param>
    /// <param name="rows">Rows of a pair.</param>
    /// <param name="kernel">The kernel from a pair on.</param>
    /// <param name="width">Rows of a group.</param>
    /// <param name="threads">Threads of a group.</param>
    public static void Launch<TKernel>(AttentionProblem problem, int rows, Func<int, TKernel> kernel, int width, int threads) where TKernel : struct, IGridKernel
    {
        int blocks = (rows + width - 1) / width;
        if (blocks == 0) return;
        for (int pair = 0; pair < problem.Size.Pairs; pair += Device.MaxGridYZ)
            problem.Device.ForGrid(
                kernel(pair), new KernelConfig(new Index3D(blocks, Math.Min(Device.MaxGridYZ, problem.Size.Pairs - pair), 1), new Index3D(threads, 1, 1)),
                threads);
    }

    /// <summary>Whether all operands of the way forward are.</summary>
    public static bool IsAligned(AttentionProblem problem, in AttentionOperand output) =>
        ((problem.Size.Size | problem.Size.ValueSize) & 3) == 0
        && IsAligned(problem.Query) && IsAligned(problem.Key) && IsAligned(problem.Value) && IsAligned(output);

    /// <summary>Whether rows of whole quads can be read and written four floats at a time: blocks of the pool can, but a window of one may begin at any float.</summary>
    public static bool IsAligned(in AttentionOperand operand) =>
        ((operand.Offset | operand.Batch | operand.Head | operand.Time) & 3) == 0 && (operand.Buffer.Floats.LoadEffectiveAddressAsPtr() & 15) == 0;
}
