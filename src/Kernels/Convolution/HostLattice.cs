using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuNets.Kernels;

/// <summary>Lays a source out on the host, some channels, images and rows of the grid at a time. See <see cref="Lattice"/>.</summary>
internal unsafe struct HostLattice
{
    /// <summary>Source [image][channel][row][column].</summary>
    public float* Source;
    public int Channels, SourceHeight, SourceWidth, StepY, StepX, FirstY, FirstX;

    /// <summary>Planes are [channel][phase][image][Height][Pitch]; so many images fit.</summary>
    public int Images, Height, Pitch;

    /// <summary>True if the source serves as it is; then there is one image at a time.</summary>
    public bool InPlace;
    public (int Y, int X)[] Phases;

    public HostLattice(TapConv conv, Lattice layout, float* source, int images)
    {
        Source = source;
        (Channels, SourceHeight, SourceWidth) = (conv.Groups * conv.In, conv.SourceHeight, conv.SourceWidth);
        (StepY, StepX, FirstY, FirstX) = (conv.StepY, conv.StepX, layout.FirstY, layout.FirstX);
        InPlace = layout.InPlace && images == 1;
        (Images, Height, Pitch, Phases) = (images, layout.Height, InPlace ? conv.SourceWidth : layout.Pitch, layout.Phases);
    }

    /// <summary>Elements of one plane, and of all planes of a channel.</summary>
    public readonly int Plane => InPlace ? SourceHeight * SourceWidth : Images * Height * Pitch;
    public readonly int Channel => InPlace ? Plane : Phases.Length * Plane;

    /// <summary>
    /// Where the planes of some channels begin for a range of images, from a row of the grid on; copied to <paramref name="scratch"/>
    /// unless the source serves.
    /// </summary>
    public readonly float* Take(int image, int images, int channel, int channels, int row, float* scratch)
    {
        float* from = Source + ((nint)image * Channels + channel) * SourceHeight * SourceWidth;
        if (InPlace) return from + (row + FirstY) * SourceWidth + FirstX;
        for (int c = 0; c < channels; c++)
            for (int phase = 0; phase < Phases.Length; phase++)
                for (int i = 0; i < images; i++)
                    Fill(
                        from + ((nint)i * Channels + c) * SourceHeight * SourceWidth, row + FirstY, Phases[phase],
                        scratch + (nint)c * Channel + (nint)phase * Plane + i * Height * Pitch, Height);
        return scratch;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Fill(float* plane, int first, (int Y, int X) phase, float* to, int height)
    {
        // Columns b of the lattice with 0 <= (b + FirstX) StepX + phase < SourceWidth.
        int start = Math.Clamp(-Lattice.FloorDivide(phase.X, StepX) - FirstX, 0, Pitch);
        if ((start + FirstX) * StepX + phase.X < 0) start = Math.Min(start + 1, Pitch);
        int end = Math.Clamp(Lattice.FloorDivide(SourceWidth - 1 - phase.X, StepX) + 1 - FirstX, start, Pitch);
        for (int a = 0; a < height; a++, to += Pitch)
        {
            int y = (first + a) * StepY + phase.Y;
            if (y < 0 || y >= SourceHeight)
            {
                Zero(to, Pitch);
                continue;
            }
            float* from = plane + y * SourceWidth + (start + FirstX) * StepX + phase.X;
            Zero(to, start);
            if (StepX == 1) Copy(from, to + start, end - start);
            else if (StepX == 2) Even(from, to + start, end - start);
            else for (int b = start; b < end; b++, from += StepX) to[b] = *from;
            Zero(to + end, Pitch - end);
        }
    }

    // Rows are short: calls of the runtime would cost more than they do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, int count)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8) Vector256.Load(from + i).Store(to + i);
        for (; i < count; i++) to[i] = from[i];
    }

    /// <summary>Every other float; nothing behind the last of them is read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Even(float* from, float* to, int count)
    {
        int i = 0;
        if (Sse.IsSupported)
            for (; i + 5 <= count; i += 4)
                Sse.Shuffle(Vector128.Load(from + 2 * i), Vector128.Load(from + 2 * i + 4), 0b10_00_10_00).Store(to + i);
        for (; i < count; i++) to[i] = from[2 * i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Zero(float* to, int count)
    {
        for (int i = 0; i < count; i++) to[i] = 0f;
    }
}
