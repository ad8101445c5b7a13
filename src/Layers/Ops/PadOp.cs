using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = x with a constant around it; dx is the window of dy that holds x.</summary>
internal sealed class PadOp(Tensor x, Tensor y, Window window) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, ReadOnlySpan<(int Before, int After)> padding, float value)
    {
        if (padding.Length != x.Shape.Rank) throw new ShapeException("Pad", $"{padding.Length} paddings given for {x.Shape}, which has {x.Shape.Rank} axes.");
        int[] starts = new int[padding.Length], sizes = new int[padding.Length];
        for (int axis = 0; axis < padding.Length; axis++)
        {
            var (before, after) = padding[axis];
            if (before < 0 || after < 0) throw new ShapeException("Pad", $"padding ({before}, {after}) of axis {axis} is negative; use Slice to cut.");
            starts[axis] = before;
            sizes[axis] = x.Shape[axis] + before + after;
        }
        var y = Tensor.Empty(x.Device, new Shape(sizes), "Pad");
        var window = new Window(y.Shape, starts, x.Shape.Dimensions);
        if (y.Count != x.Count) Fill.Launch(y.Buffer, value);
        window.Write("Pad", y.Buffer, x.Buffer);
        Recorder(x)?.Add(new PadOp(x, y, window));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx) window.Read("Pad", dy, dx, accumulate);
    }
}
