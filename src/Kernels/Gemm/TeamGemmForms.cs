namespace GpuNets.Kernels;

/// <summary>Picks the type arguments of a GPU form: how operands are stored and accessed, tile or number format.</summary>
internal static class TeamGemmForms
{
    public static void Run<TActivation>(in TeamGemmJob job) where TActivation : struct, IUnaryOp
    {
        if (job.IsAligned) Run<VectorAccess, TActivation>(job);
        else Run<ScalarAccess, TActivation>(job);
    }

    private static void Run<TAccess, TActivation>(in TeamGemmJob job) where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
    {
        switch (job.Plan.Form)
        {
            case TeamGemmForm.Small: Tiled<SmallTeamTile, TAccess, TActivation>(job); break;
            case TeamGemmForm.Large: Tiled<LargeTeamTile, TAccess, TActivation>(job); break;
            case TeamGemmForm.Tf32: Tensor<Tf32Format, TAccess, TActivation>(job); break;
            case TeamGemmForm.BFloat16: Tensor<BFloat16Format, TAccess, TActivation>(job); break;
            case TeamGemmForm.WarpgroupTf32: WarpgroupGemmLauncher.Run<Tf32Format, TAccess, TActivation>(job); break;
            default: WarpgroupGemmLauncher.Run<BFloat16Format, TAccess, TActivation>(job); break;
        }
    }

    private static void Tiled<TTile, TAccess, TActivation>(in TeamGemmJob job)
        where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
    {
        switch (job.Size.TransposeA, job.Size.TransposeB)
        {
            case (false, false): job.Launch<TeamGemm<TTile, SideAlongK, SideAlongLines, TAccess, TActivation>>(); break;
            case (false, true): job.Launch<TeamGemm<TTile, SideAlongK, SideAlongK, TAccess, TActivation>>(); break;
            case (true, false): job.Launch<TeamGemm<TTile, SideAlongLines, SideAlongLines, TAccess, TActivation>>(); break;
            default: job.Launch<TeamGemm<TTile, SideAlongLines, SideAlongK, TAccess, TActivation>>(); break;
        }
    }

    private static void Tensor<TFormat, TAccess, TActivation>(in TeamGemmJob job)
        where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
    {
        switch (job.Size.TransposeA, job.Size.TransposeB)
        {
            case (false, false): job.Launch<TensorGemm<TFormat, TensorAlongK, TensorAlongLines, TAccess, TActivation>>(); break;
            case (false, true): job.Launch<TensorGemm<TFormat, TensorAlongK, TensorAlongK, TAccess, TActivation>>(); break;
            case (true, false): job.Launch<TensorGemm<TFormat, TensorAlongLines, TensorAlongLines, TAccess, TActivation>>(); break;
            default: job.Launch<TensorGemm<TFormat, TensorAlongLines, TensorAlongK, TAccess, TActivation>>(); break;
        }
    }
}
