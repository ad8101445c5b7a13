using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// A number that a kernel takes as an argument or, in a recorded step, from a word of device memory that each run writes. Its bits are those
/// of the argument with the word's ones flipped: one of them is 0, and the kernel does not ask which.
/// </summary>
internal struct StepFloat
{
    public uint Bits;
    public ArrayView<int> Word;

    /// <summary>A plain argument, or the word if there is one.</summary>
    public static StepFloat Of(Device device, float value, DeviceBuffer? word = null) => word is null
        ? new StepFloat { Bits = Interop.FloatAsInt(value), Word = device.Tables.Zeros }
        : new StepFloat { Word = word.Ints };

    public readonly unsafe float Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Interop.IntAsFloat(Bits ^ (uint)Word.Ptr()[0]);
    }
}
