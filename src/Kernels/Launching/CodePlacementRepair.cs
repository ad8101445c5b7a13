using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using ILGPU.Backends;
using ILGPU.IR.Transformations;

namespace GpuNets.Kernels;

/// <summary>
/// Repairs the last pass of ILGPU 1.5.3's O2, which moves loads to where their values are used: it looks for stores in between, but not for barriers, so that a thread
/// reads what others have long overwritten (the sum of a group, whose memory the next sum takes). Loads stay where they are; the assembler knows barriers and moves them itself.
/// Kernels of a grid are left as they are: tiles of products and attention need the pass to stay in registers, and before a barrier they store to shared memory, over which
/// no load is moved.
/// </summary>
internal static class CodePlacementRepair
{
    /// <summary>Makes a backend ready to compile an entry of <see cref="DeviceEntries"/>.</summary>
    public static void Apply(Backend backend, MethodInfo entry)
    {
        bool tiles = DeviceEntries.IsGrid(entry);
        foreach (var transformer in Transformers(backend))
        {
            foreach (var transformation in transformer.Transformations)
                if (transformation is CodePlacement placement) Mode(placement) = tiles ? CodePlacementMode.Aggressive : CodePlacementMode.Default;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_KernelTransformers")]
    private static extern ImmutableArray<Transformer> Transformers(Backend backend);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<Mode>k__BackingField")]
    private static extern ref CodePlacementMode Mode(CodePlacement placement);
}
