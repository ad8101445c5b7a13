using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Attention of a few queries on GPUs: into how many parts keys are cut, and the type arguments of the kernel.</summary>
internal static class TeamDecodeLauncher
{
    /// <summary>
    /// Groups per unit that are worth having: a group waits for memory most of the time, and a part must be a step of keys at least.
    /// </summary>
    private const int GroupsPerUnit = 4;

    public static void Forward(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
    {
        if (TeamAttentionLauncher.IsAligned(problem, output)) Forward<VectorAccess>(problem, output, softmax);
        else Forward<ScalarAccess>(problem, output, softmax);
    }

    /// <summary>Keys of each part, in whole steps.</summary>
    public static int Terms(in AttentionSize size, int units)
    {
        const int step = TeamDecode<ScalarAccess, Decode64, SharedRows>.Step;
        int steps = (size.Keys + step - 1) / step, parts = Math.Clamp(GroupsPerUnit * units / size.Rows, 1, Math.Max(steps, 1));
        return Math.Max((steps + parts - 1) / parts, 1) * step;
    }

    private static void Forward<TAccess>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax) where TAccess : struct, ITeamAccess
    {
        int size = Math.Max(problem.Size.Size, problem.Size.ValueSize);
        if (size <= 64) Forward<TAccess, Decode64>(problem, output, softmax);
        else if (size <= 128) Forward<TAccess, Decode128>(problem, output, softmax);
        else Forward<TAccess, Decode256>(problem, output, softmax);
    }

    private static void Forward<TAccess, TWidth>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
        where TAccess : struct, ITeamAccess where TWidth : struct, IDecodeWidth
    {
        if (problem.Device.Form == ExecutionForm.Warp) Forward<TAccess, TWidth, WarpHalves>(problem, output, softmax);
        else Forward<TAccess, TWidth, SharedRows>(problem, output, softmax);
    }

    private static void Forward<TAccess, TWidth, TExchange>(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax)
        where TAccess : struct, ITeamAccess where TWidth : struct, IDecodeWidth where TExchange : struct, ITeamExchange
    {
        var (device, size) = (problem.Device, problem.Size);
        int terms = Terms(size, device.Info.Units), parts = Math.Max((size.Keys + terms - 1) / terms, 1);
        var partial = parts == 1 ? null : device.Allocate(checked(size.Rows * parts * (size.ValueSize + 2)), "parts of attention");
        for (int pair = 0; pair < size.Pairs; pair += Device.MaxGridYZ)
            device.ForGrid(
                new TeamDecode<TAccess, TWidth, TExchange>
                {
                    Inputs = new(problem, pair),
                    Output = new(output),
                    Partial = (partial ?? output.Buffer).Floats,
                    Softmax = (softmax ?? output.Buffer).Floats,
                    Terms = terms,
                    Parts = parts,
                    KeepsSoftmax = softmax is null ? 0 : 1,
                },
                new KernelConfig(new Index3D(parts, Math.Min(Device.MaxGridYZ, size.Pairs - pair), size.Queries), new Index3D(TeamAttentionLauncher.GroupSize, 1, 1)),
                TeamAttentionLauncher.GroupSize);
        if (partial is null) return;
        device.ForRows(
            new DecodeParts
            {
                Partial = partial.Floats,
                Output = output.Buffer.Floats,
                Softmax = (softmax ?? output.Buffer).Floats,
                OutputPlace = new(output),
                Heads = size.Heads,
                Queries = size.Queries,
                Parts = parts,
                ValueSize = size.ValueSize,
                KeepsSoftmax = softmax is null ? 0 : 1,
            },
            size.Rows, size.ValueSize);
        partial.Free();
    }
}
