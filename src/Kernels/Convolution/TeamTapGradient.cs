using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient to the weight for GPUs: an implicit matrix product of dy [output, position] and the source [position, term], in the tiles
/// of <see cref="TeamGemm{TTile, TSideA, TSideB, TAccess, TActivation}"/>. The sum over positions is cut into chunks of an image with sums
/// of their own, which <see cref="ConvTotal"/> adds in order.
/// </summary>
internal struct TeamTapGradient<TTile> : IGridKernel where TTile : struct, ITeamTile<TTile>
{
    /// <summary>dy in lines [image][group][output][DyLength], sums [image][chunk][group][output][term].</summary>
    public ArrayView<float> Dy, Sums;
    public TapLayout Layout;
    public int Out, Terms, Groups, DyLength, Chunk, Chunks, TermTiles, FirstPart;

    public static void Run(TapConv conv, DeviceBuffer source, DeviceBuffer dy, DeviceBuffer dw, bool accumulate)
    {
        var device = dw.Device;
        var layout = TapLayout.Of(conv, source, slack: 0, out var copy);
        var lines = WidenRows.Of(conv, dy, layout.Pitch, out int length);
        int termTiles = (conv.Terms + TTile.Width - 1) / TTile.Width, tiles = (conv.Out + TTile.Width - 1) / TTile.Width * termTiles;
        int chunk = ConvPlan.TeamChunk(layout.Length, tiles, conv.Batch * conv.Groups, device.Info.Units);
        int chunks = (layout.Length + chunk - 1) / chunk, parts = checked(conv.Batch * chunks * conv.Groups);
        var sums = device.Allocate(checked(parts * conv.Out * conv.Terms), "partial gradients of a weight");
        for (int part = 0; part < parts; part += Device.MaxGridYZ)
            device.ForGrid(
                new TeamTapGradient<TTile>
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
                    FirstPart = part,
                },
                new KernelConfig(new Index3D(tiles, Math.Min(Device.MaxGridYZ, parts - part), 1), new Index3D(TeamGemmLauncher.GroupSize, 1, 1)),
                TeamGemmLauncher.GroupSize);
        ConvTotal.Launch(conv, sums, conv.Batch * chunks, termStep: 1, outStep: conv.Terms, outs: conv.Out, dw, accumulate);
        sums.Free();
        if (!ReferenceEquals(lines, dy)) lines.Free();
        copy?.Free();
    }

    public readonly void Run()
    {
        int thread = Group.IdxX, rowTile = Grid.IdxX / TermTiles, part = FirstPart + Grid.IdxY;
        int row = rowTile * TTile.Width, column = (Grid.IdxX - rowTile * TermTiles) * TTile.Width;
        int rest = part / Groups, group = part - rest * Groups, image = rest / Chunks, first = (rest - image * Chunks) * Chunk;
        int count = Layout.Length - first < Chunk ? Layout.Length - first : Chunk, source = image * Groups + group;
        var a = Dy.SubView(source * Out * DyLength + first, Out * DyLength - first);
        var b = Layout.Source.SubView(source * Layout.In * Layout.Channel, Layout.In * Layout.Channel);
        int x = thread % 16, y = thread / 16;
        var sums = TeamPipeline<TTile>.Allocate().Sum(
            new SideFeed<TTile, SideAlongK, ScalarAccess> { View = a, Place = SideAlongK.Place<TTile>(thread, row, Out, DyLength), End = count },
            new SideFeed<TTile, SideAlongK, ScalarAccess> { View = b, Place = TermPlace<TTile>(thread, column, first), End = count },
            0, count);
        TTile.Store(sums, new Target { Sums = Sums, First = part * Out * Terms, Out = Out, Terms = Terms }, row + 4 * y, column + 4 * x);
    }

    /// <summary>Four neighbouring positions of a thread's term; terms beyond the last repeat it.</summary>
    private readonly TeamPlace TermPlace<T>(int thread, int column, int first) where T : struct, ITeamTile<T>
    {
        var place = SideAlongK.Place<T>(thread, column, Terms, 0);
        int term = column + thread / (T.Depth / 4);
        place.Index += Layout.First + first + Layout.Term(term < Terms ? term : Terms - 1);
        return place;
    }

    private struct Target : ITeamTarget
    {
        public ArrayView<float> Sums;
        public int First, Out, Terms;

        public readonly void Put(int row, int column, Float4 sums)
        {
            if (row < Out) ScalarAccess.Store(Sums, First + row * Terms + column, sums, Terms - column);
        }
    }
}
