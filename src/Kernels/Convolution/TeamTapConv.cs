using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>
/// A <see cref="TapConv"/> for GPUs: an implicit matrix product of the weight [output, term] and the source [term, position], in the tiles
/// of <see cref="TeamGemm{TTile, TSideA, TSideB, TAccess, TActivation}"/>. A thread loads four neighbouring positions of one term per
/// stage from the laid-out source; positions beyond the line repeat its last, and sums between the rows of the grid are not stored.
/// </summary>
internal struct TeamTapConv<TTile, TAccess, TActivation> : IGridKernel
    where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    /// <summary>Weight [group][output][term].</summary>
    public ArrayView<float> Weight, Bias, Target;
    public TapLayout Layout;
    public StridedAxis Pitches;
    public int Out, Terms, Groups, PositionTiles, FirstPart, Columns, Plane, Start, Step, RowStep, HasBias, Accumulate;

    public static void Launch(
        TapConv conv, in TapLayout layout, ArrayView<float> weight, DeviceBuffer target, DeviceBuffer? bias, bool accumulate)
    {
        int tiles = (layout.Length + TTile.Width - 1) / TTile.Width, parts = conv.Batch * conv.Groups;
        for (int part = 0; part < parts; part += Device.MaxGridYZ)
            target.Device.ForGrid(
                new TeamTapConv<TTile, TAccess, TActivation>
                {
                    Weight = weight,
                    Bias = (bias ?? target).Floats,
                    Target = target.Floats,
                    Layout = layout,
                    Pitches = new StridedAxis(layout.Pitch, 0, 0),
                    Out = conv.Out,
                    Terms = conv.Terms,
                    Groups = conv.Groups,
                    PositionTiles = tiles,
                    FirstPart = part,
                    Columns = conv.Columns,
                    Plane = conv.TargetPlane,
                    Start = conv.TargetY * conv.TargetWidth + conv.TargetX,
                    Step = conv.TargetStepX,
                    RowStep = conv.TargetStepY * conv.TargetWidth,
                    HasBias = bias is null ? 0 : 1,
                    Accumulate = accumulate ? 1 : 0,
                },
                new KernelConfig(
                    new Index3D(checked((conv.Out + TTile.Width - 1) / TTile.Width * tiles), Math.Min(Device.MaxGridYZ, parts - part), 1),
                    new Index3D(TeamGemmLauncher.GroupSize, 1, 1)),
                TeamGemmLauncher.GroupSize);
    }

    public readonly void Run()
    {
        int thread = Group.IdxX, rowTile = Grid.IdxX / PositionTiles, part = FirstPart + Grid.IdxY;
        int row = rowTile * TTile.Width, column = (Grid.IdxX - rowTile * PositionTiles) * TTile.Width, group = part % Groups;
        var a = TAccess.From(Weight, (long)group * Out * Terms);
        var b = Layout.Source.SubView(part * Layout.In * Layout.Channel, Layout.In * Layout.Channel);
        int x = thread % 16, y = thread / 16;
        var sums = TeamPipeline<TTile>.Allocate().Sum(
            new SideFeed<TTile, SideAlongK, TAccess> { View = a, Place = SideAlongK.Place<TTile>(thread, row, Out, Terms), End = Terms },
            new PositionFeed<TTile>(b, Layout, thread, column, Terms),
            0, Terms);
        TTile.Store(sums, new Place { Conv = this, Part = part, Group = group }, row + 4 * y, column + 4 * x);
    }

    private struct Place : ITeamTarget
    {
        public TeamTapConv<TTile, TAccess, TActivation> Conv;
        public int Part, Group;

        public readonly void Put(int row, int column, Float4 sums)
        {
            if (row >= Conv.Out) return;
            int target = (Part * Conv.Out + row) * Conv.Plane + Conv.Start;
            float bias = Conv.HasBias != 0 ? Conv.Bias[Group * Conv.Out + row] : 0f;
            One(target, column, sums.X + bias);
            One(target, column + 1, sums.Y + bias);
            One(target, column + 2, sums.Z + bias);
            One(target, column + 3, sums.W + bias);
        }

        private readonly void One(int target, int position, float sum)
        {
            int p = Conv.Pitches.Divide(position), q = position - p * Conv.Layout.Pitch;
            if (position >= Conv.Layout.Length || q >= Conv.Columns) return;
            int index = target + p * Conv.RowStep + q * Conv.Step;
            if (Conv.Accumulate != 0) sum += Conv.Target[index];
            Conv.Target[index] = TActivation.Forward(new Scalar(sum)).Value;
        }
    }
}
