using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// Runs the forms for GPUs as <see cref="GemmPlan"/> has it: picks the kernel's type arguments, and sums the parts where sums are cut.
/// </summary>
internal static class TeamGemmLauncher
{
    /// <summary>Threads per group.</summary>
    public const int GroupSize = 256;

    public static void Run<TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TActivation : struct, IUnaryOp
    {
        if (device.Accelerator.MaxNumThreadsPerGroup < GroupSize) Naive<TActivation>(device, operands, size, geometry);
        else Run<TActivation>(device, operands, size, geometry, GemmPlan.Team(size, device));
    }

    /// <summary>Runs a given plan; tests call it with plans of their own.</summary>
    public static void Run<TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry, TeamGemmPlan plan)
        where TActivation : struct, IUnaryOp
    {
        if (plan.Parts == 1)
        {
            TeamGemmForms.Run<TActivation>(new TeamGemmJob(device, operands, size, geometry, plan, 0));
            return;
        }
        int sums = checked(size.M * size.N * size.Batch);
        var partial = device.Allocate(checked(sums * plan.Parts), "parts of sums");
        var dense = size with { LeadingC = size.N, StrideC = (long)size.M * size.N };
        TeamGemmForms.Run<NoActivation>(new TeamGemmJob(
            device, operands with { C = partial.Floats }, dense, new GemmGeometry(dense, hasBias: false, accumulate: false), plan, sums));
        device.ForRows(
            new SplitSums<TActivation>
            {
                C = operands.C,
                Old = operands.Old,
                Bias = operands.Bias,
                Partial = partial.Floats,
                Size = geometry,
                Parts = plan.Parts,
                PartStep = sums,
            },
            size.M * size.Batch, size.N);
        partial.Free();
    }

    // Devices whose groups are too small: some OpenCL GPUs, emulated ones.
    private static void Naive<TActivation>(Device device, in GemmOperands operands, in GemmSize size, in GemmGeometry geometry)
        where TActivation : struct, IUnaryOp =>
        device.ForEach(
            new NaiveGemm<TActivation> { A = operands.A, B = operands.B, C = operands.C, Old = operands.Old, Bias = operands.Bias, Size = geometry },
            size.M * size.N * size.Batch, 0.5f * size.K);
}
