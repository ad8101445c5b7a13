using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ILGPU.Backends;
using ILGPU.IR.Transformations;

namespace GpuNets.Kernels;

/// <summary>
/// Repairs the last pass of ILGPU 1.5.3's O2, which moves loads to where their values are used: it looks for stores in between, but not for barriers, so that a thread
/// reads what others have long overwritten (the sum of a group, whose memory the next sum takes). Loads stay where they are; the assembler knows barriers and moves them itself.
/// </summary>
internal static class CodePlacementRepair
{
    public static void Apply(Backend backend)
    {
        foreach (var transformer in Transformers(backend))
        {
            foreach (var transformation in transformer.Transformations)
                if (transformation is CodePlacement placement) Mode(placement) = CodePlacementMode.Default;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_KernelTransformers")]
    private static extern ImmutableArray<Transformer> Transformers(Backend backend);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Mode>k__BackingField")]
    private static extern ref CodePlacementMode Mode(CodePlacement placement);
}
