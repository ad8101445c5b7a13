using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The source of a <see cref="TapConv"/> as the kernels of devices read it: every term of a sum is a run of neighbours.</summary>
internal struct TapLayout
{
    public ArrayView<float> Source;

    /// <summary>Where each tap reads, from the start of a channel on.</summary>
    public ArrayView<int> Offsets;

    /// <summary>Taps of a channel; divides a term by it.</summary>
    public StridedAxis Taps;

    /// <summary>Elements from one channel to the next, first element, elements from one row of the grid to the next.</summary>
    public int Channel, First, Pitch;

    /// <summary>Positions of a line: all rows of the grid of an image, with what lies between them.</summary>
    public int Length;

    /// <summary>Channels per group.</summary>
    public int In;

    /// <summary>Where a term reads.</summary>
    public readonly int Term(int k)
    {
        int c = Taps.Divide(k);
        return c * Channel + Offsets[k - c * Taps.Size];
    }

    /// <summary>
    /// Lays a source out, or takes it as it is where taps never leave it. Free the buffer afterwards if there is one.
    /// </summary>
    /// <param name="conv">The problem.</param>
    /// <param name="source">The source.</param>
    /// <param name="slack">Elements behind the last line that kernels may read; a source that serves as it is has none.</param>
    /// <param name="copy">The laid-out copy, or null.</param>
    public static TapLayout Of(TapConv conv, DeviceBuffer source, int slack, out DeviceBuffer? copy)
    {
        var lattice = new Lattice(conv, conv.Rows);
        bool inPlace = lattice.InPlace && slack == 0;
        int pitch = inPlace ? conv.SourceWidth : lattice.Pitch, plane = inPlace ? conv.SourcePlane : lattice.Height * pitch;
        int channel = inPlace ? plane : lattice.Phases.Length * plane;
        copy = null;
        if (!inPlace)
        {
            copy = source.Device.Allocate(checked(conv.Batch * conv.Groups * conv.In * channel + slack), "source of a convolution laid out");
            LatticeKernel.Launch(source, copy, conv, lattice);
        }
        return new TapLayout
        {
            Source = (copy ?? source).Floats,
            Offsets = source.Device.Tables.Get(lattice.Offsets(plane, pitch)),
            Taps = new StridedAxis(conv.Taps.Length, 0, 0),
            Channel = channel,
            First = inPlace ? lattice.FirstY * pitch + lattice.FirstX : 0,
            Pitch = pitch,
            Length = (conv.Rows - 1) * pitch + conv.Columns,
            In = conv.In,
        };
    }
}
