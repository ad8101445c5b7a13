using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient to the weight as GPUs see it: an implicit matrix product of dy [output, position] and the laid-out source
/// [position, term]. The sum over positions is cut into chunks of an image with sums of their own.
/// </summary>
internal struct TapGradientProblem
{
    /// <summary>dy in lines [image][group][output][DyLength], sums [image][chunk][group][output][term].</summary>
    public ArrayView<float> Dy, Sums;
    public TapLayout Layout;
    public int Out, Terms, Groups, DyLength, Chunk, Chunks, TermTiles, FirstPart;

    /// <summary>The part of the sums that a group of threads computes.</summary>
    public readonly TapGradientPart Part(int width)
    {
        int rowTile = Grid.IdxX / TermTiles, part = FirstPart + Grid.IdxY;
        int rest = part / Groups, group = part - rest * Groups, image = rest / Chunks, first = (rest - image * Chunks) * Chunk;
        return new()
        {
            Row = rowTile * width,
            Column = (Grid.IdxX - rowTile * TermTiles) * width,
            Source = image * Groups + group,
            First = first,
            Count = Layout.Length - first < Chunk ? Layout.Length - first : Chunk,
            Target = new TapGradientTarget { Sums = Sums, First = part * Out * Terms, Out = Out, Terms = Terms },
        };
    }

    /// <summary>Where the term of a line begins; terms beyond the last repeat it.</summary>
    public readonly int Term(int line, int first) => Layout.First + first + Layout.Term(line < Terms ? line : Terms - 1);
}

/// <summary>First output and term, image and group, first position and how many of them, and where sums go.</summary>
internal struct TapGradientPart
{
    public int Row, Column, Source, First, Count;
    public TapGradientTarget Target;
}

/// <summary>The sums of a chunk.</summary>
internal struct TapGradientTarget : ITeamTarget
{
    public ArrayView<float> Sums;
    public int First, Out, Terms;

    public readonly void Put(int row, int column, Float4 sums)
    {
        if (row < Out) ScalarAccess.Store(Sums, First + row * Terms + column, sums, Terms - column);
    }
}

/// <summary>A GPU form of the gradient to the weight: all forms take the same arguments.</summary>
internal interface ITapGradientKernel<TSelf> : IGridKernel where TSelf : struct, ITapGradientKernel<TSelf>
{
    /// <summary>Outputs and terms per group.</summary>
    static abstract int Width { get; }

    static abstract TSelf Create(in TapGradientProblem problem);
}

/// <summary>Runs a GPU form of the gradient to the weight.</summary>
internal static class TapGradient
{
    /// <summary>Computes the sums of all chunks, which <see cref="ConvTotal"/> adds in order.</summary>
    /// <typeparam name="TScalar">The form for any dy.</typeparam>
    /// <typeparam name="TVector">The form for lines of dy that begin at 16 bytes.</typeparam>
    public static void Run<TScalar, TVector>(TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
        where TScalar : struct, ITapGradientKernel<TScalar> where TVector : struct, ITapGradientKernel<TVector>
    {
        var device = dw.Device;
        var layout = TapLayout.Of(conv, source, slack: 0, out var copy);
        var lines = WidenRows.Of(conv, dy, layout.Pitch, out int length);
        int termTiles = (conv.Terms + TScalar.Width - 1) / TScalar.Width, tiles = (conv.Out + TScalar.Width - 1) / TScalar.Width * termTiles;
        int chunk = ConvPlan.TeamChunk(layout.Length, tiles, conv.Batch * conv.Groups, device.Info.Units);
        int chunks = (layout.Length + chunk - 1) / chunk, parts = checked(conv.Batch * chunks * conv.Groups);
        var sums = device.Allocate(checked(parts * conv.Out * conv.Terms), "partial gradients of a weight");
        var problem = new TapGradientProblem
        {
            Dy = lines.Floats,
            Sums = sums.Floats,
            Layout = layout,
            Out = conv.Out,
            Terms = conv.Terms,
            Groups = conv.Groups,
            DyLength = length,
            Chunk = chunk,
            Chunks = chunks,
            TermTiles = termTiles,
        };
        if (length % 4 == 0 && (lines.Floats.LoadEffectiveAddressAsPtr() & 15) == 0) Launch<TVector>(device, problem, tiles, parts);
        else Launch<TScalar>(device, problem, tiles, parts);
        ConvTotal.Launch(conv, sums, conv.Batch * chunks, termStep: 1, outStep: conv.Terms, outs: conv.Out, dw, accumulate);
        sums.Free();
        if (!ReferenceEquals(lines, dy)) lines.Free();
        copy?.Free();
    }

    private static void Launch<TKernel>(Device device, TapGradientProblem problem, int tiles, int parts) where TKernel : struct, ITapGradientKernel<TKernel>
    {
        for (int part = 0; part < parts; part += Device.MaxGridYZ)
        {
            problem.FirstPart = part;
            device.ForGrid(
                TKernel.Create(problem),
                new KernelConfig(new Index3D(tiles, Math.Min(Device.MaxGridYZ, parts - part), 1), new Index3D(TeamGemmLauncher.GroupSize, 1, 1)),
                TeamGemmLauncher.GroupSize);
        }
    }
}
