using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The sequence that a kernel draws from: its name as arguments or, in a recorded step, in words of device memory that each run writes. What
/// is in force are the arguments with the words' ones flipped: one of them is 0, and the kernel does not ask which.
/// </summary>
internal struct RandomKey
{
    public const int WordCount = 3;

    public uint SeedLow, SeedHigh, Stream;
    public ArrayView<int> Words;

    public static RandomKey Of(Device device, Philox random) => random.Captured is { } captured
        ? new RandomKey { Words = captured.WordsOn(device) }
        : new RandomKey
        {
            SeedLow = (uint)random.Seed,
            SeedHigh = (uint)(random.Seed >> 32),
            Stream = random.Stream,
            Words = device.Tables.Zeros,
        };

    /// <summary>The same sequence by arguments alone.</summary>
    public readonly unsafe RandomName Name
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int* words = Words.Ptr();
            return new RandomName { SeedLow = SeedLow ^ (uint)words[0], SeedHigh = SeedHigh ^ (uint)words[1], Stream = Stream ^ (uint)words[2] };
        }
    }
}

/// <summary>Name of a Philox sequence.</summary>
internal struct RandomName
{
    public uint SeedLow, SeedHigh, Stream;
}
