using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Windows over the last one or two axes of x [samples, channels, ...]; a missing height is 1.</summary>
internal readonly record struct PoolShape(Shape Result, int Planes, PoolAxis Height, PoolAxis Width)
{
    /// <summary>Windows at even distances.</summary>
    public static PoolShape Of(
        string name, Shape x, ReadOnlySpan<int> kernel, ReadOnlySpan<int> stride, ReadOnlySpan<int> padding, ReadOnlySpan<int> dilation, bool ceil)
    {
        int first = Spatial(name, x, kernel.Length);
        int[] sizes = x.ToArray();
        var height = new PoolAxis(1, 1);
        var width = height;
        for (int k = 0; k < kernel.Length; k++)
        {
            if (kernel[k] < 1 || stride[k] < 1 || dilation[k] < 1)
                throw new ShapeException(name, $"kernel {kernel[k]}, stride {stride[k]} and dilation {dilation[k]} must be at least 1.");
            if (padding[k] < 0 || 2 * padding[k] > kernel[k])
                throw new ShapeException(name, $"padding {padding[k]} must lie between 0 and half of the kernel of {kernel[k]}.");
            int input = x[first + k], room = input + 2 * padding[k] - dilation[k] * (kernel[k] - 1) - 1;
            if (room < 0 || input == 0)
                throw new ShapeException(name, $"a window of {dilation[k] * (kernel[k] - 1) + 1} does not fit {input} elements with padding {padding[k]} (axis {first + k} of {x}).");
            int output = (ceil ? room + stride[k] - 1 : room) / stride[k] + 1;
            // The last window must begin in the axis or before it, not in the padding behind.
            if (ceil && (output - 1) * stride[k] >= input + padding[k]) output--;
            sizes[first + k] = output;
            (height, width) = (width, new PoolAxis(input, output, kernel[k], stride[k], padding[k], dilation[k]));
        }
        return new PoolShape(new Shape(sizes), x.Product(0, first), height, width);
    }

    /// <summary>So many windows that share an axis out evenly.</summary>
    public static PoolShape Adaptive(string name, Shape x, ReadOnlySpan<int> outputs)
    {
        int first = Spatial(name, x, outputs.Length);
        int[] sizes = x.ToArray();
        var height = new PoolAxis(1, 1);
        var width = height;
        for (int k = 0; k < outputs.Length; k++)
        {
            if (outputs[k] < 1 || x[first + k] == 0)
                throw new ShapeException(name, $"axis {first + k} of {x} cannot be shared out among {outputs[k]} windows.");
            sizes[first + k] = outputs[k];
            (height, width) = (width, new PoolAxis(x[first + k], outputs[k]));
        }
        return new PoolShape(new Shape(sizes), x.Product(0, first), height, width);
    }

    private static int Spatial(string name, Shape x, int axes) => x.Rank == axes + 2
        ? 2
        : throw new ShapeException(name, $"takes [samples, channels, {(axes == 1 ? "length" : "height, width")}], got {x}.");
}
