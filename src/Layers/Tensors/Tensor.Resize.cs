using GpuNets.Kernels;

namespace GpuNets;

public partial class Tensor
{
    /// <summary>Resizes the last axes of [samples, channels, length] or [samples, channels, height, width].</summary>
    /// <param name="sizes">New sizes of the axes behind the channels.</param>
    /// <param name="mode">Nearest element, or a line between neighbours (bilinear for images).</param>
    /// <param name="alignCorners">Linear only: first and last elements keep their places; otherwise the borders of the pixels do.</param>
    /// <exception cref="ShapeException">There is not one size for each axis behind the channels, or one is less than 1.</exception>
    public Tensor Resize(ReadOnlySpan<int> sizes, ResizeMode mode = ResizeMode.Linear, bool alignCorners = false)
    {
        CheckResize(sizes.Length);
        var y = this;
        foreach (int k in ResizeOrder(sizes[0]))
        {
            int size = Shape[k + 2];
            if (sizes[k] < 1 || size < 1) throw new ShapeException("Resize", $"axis {k + 2} of {Shape} cannot become {sizes[k]} long.");
            float scale = mode == ResizeMode.Linear && alignCorners ? sizes[k] > 1 ? (float)(size - 1) / (sizes[k] - 1) : 0f : (float)size / sizes[k];
            y = y.ResizeAxis(k + 2, sizes[k], scale, mode, alignCorners);
        }
        return y;
    }

    /// <summary>Resizes the last axes by factors: each becomes floor(size * factor) long, and element o shows the place o / factor.</summary>
    /// <param name="factors">Factors of the axes behind the channels.</param>
    /// <param name="mode">Nearest element, or a line between neighbours (bilinear for images).</param>
    /// <param name="alignCorners">Linear only: as in <see cref="Resize"/>; the places then follow from the sizes.</param>
    /// <exception cref="ShapeException">There is not one factor for each axis behind the channels, or nothing is left of an axis.</exception>
    public Tensor ResizeBy(ReadOnlySpan<float> factors, ResizeMode mode = ResizeMode.Linear, bool alignCorners = false)
    {
        CheckResize(factors.Length);
        var y = this;
        foreach (int k in ResizeOrder(Shape[2] * (double)factors[0]))
        {
            int size = Shape[k + 2], total = factors[k] > 0 ? (int)Math.Floor((double)size * factors[k]) : 0;
            if (total < 1) throw new ShapeException("Resize", $"axis {k + 2} of {Shape} times {factors[k]} leaves nothing.");
            float scale = mode == ResizeMode.Linear && alignCorners ? total > 1 ? (float)(size - 1) / (total - 1) : 0f : 1f / factors[k];
            y = y.ResizeAxis(k + 2, total, scale, mode, alignCorners);
        }
        return y;
    }

    /// <summary>Continues the tensor beyond its ends.</summary>
    /// <param name="padding">Elements before and after, for every axis.</param>
    /// <param name="mode">How it goes on.</param>
    /// <exception cref="ShapeException">There is not one pair per axis, a number is negative, or an axis with padding is empty.</exception>
    public Tensor Pad(ReadOnlySpan<(int Before, int After)> padding, PadMode mode)
    {
        if (padding.Length != Shape.Rank) throw new ShapeException("Pad", $"{padding.Length} paddings given for {Shape}, which has {Shape.Rank} axes.");
        var y = this;
        // The last axis first: later passes then copy whole rows.
        for (int axis = Shape.Rank - 1; axis >= 0; axis--)
        {
            var (before, after) = padding[axis];
            if (before < 0 || after < 0) throw new ShapeException("Pad", $"padding ({before}, {after}) of axis {axis} is negative; use Slice to cut.");
            if (before + after == 0) continue;
            if (Shape[axis] == 0) throw new ShapeException("Pad", $"axis {axis} of {Shape} is empty: there is nothing to repeat.");
            y = AxisMapOp<PadMap>.Apply("Pad", new PadMap(Shape[axis], before, after, mode), y, axis, before + Shape[axis] + after);
        }
        return y;
    }

    private void CheckResize(int axes)
    {
        if (axes is < 1 or > 2 || Shape.Rank != axes + 2)
            throw new ShapeException("Resize", $"{axes} sizes given for {Shape}; takes [samples, channels, length] or [samples, channels, height, width].");
    }

    // Along the last axis elements go one by one, along the others in whole rows: an image that becomes higher is made wider first.
    private int[] ResizeOrder(double first) => Shape.Rank == 3 ? [0] : first > Shape[2] ? [1, 0] : [0, 1];

    private Tensor ResizeAxis(int axis, int total, float scale, ResizeMode mode, bool alignCorners) => mode == ResizeMode.Nearest
        ? AxisMapOp<NearestMap>.Apply("Resize", new NearestMap(Shape[axis], total, scale), this, axis, total)
        : AxisMapOp<LinearMap>.Apply("Resize", new LinearMap(Shape[axis], total, scale, alignCorners), this, axis, total);
}
