namespace GpuNets;

public partial class Tensor
{
    /// <summary>Maximum of each window of [samples, channels, length]. NaN goes through; the gradient goes to the first of equal maxima.</summary>
    /// <param name="kernel">Elements of a window.</param>
    /// <param name="stride">Distance of windows; null: the kernel.</param>
    /// <param name="padding">Places before and after that count for nothing; at most half of the kernel.</param>
    /// <param name="dilation">Distance of a window's elements.</param>
    /// <param name="ceil">Rounds the number of windows up: the last may reach beyond the padding, but not begin there.</param>
    /// <exception cref="ShapeException">The shape or a number does not fit.</exception>
    public Tensor MaxPool1d(int kernel, int? stride = null, int padding = 0, int dilation = 1, bool ceil = false) =>
        MaxPoolOp.Apply(this, PoolShape.Of("MaxPool1d", Shape, [kernel], [stride ?? kernel], [padding], [dilation], ceil));

    /// <summary>The same for images [samples, channels, height, width] with the same numbers for both axes.</summary>
    /// <inheritdoc cref="MaxPool1d"/>
    public Tensor MaxPool2d(int kernel, int? stride = null, int padding = 0, int dilation = 1, bool ceil = false)
    {
        int step = stride ?? kernel;
        return MaxPool2d((kernel, kernel), (step, step), (padding, padding), (dilation, dilation), ceil);
    }

    /// <summary>The same for images with numbers for each axis.</summary>
    /// <inheritdoc cref="MaxPool1d"/>
    public Tensor MaxPool2d(
        (int Height, int Width) kernel, (int Height, int Width)? stride = null, (int Height, int Width) padding = default,
        (int Height, int Width)? dilation = null, bool ceil = false)
    {
        var (step, apart) = (stride ?? kernel, dilation ?? (1, 1));
        return MaxPoolOp.Apply(this, PoolShape.Of(
            "MaxPool2d", Shape, [kernel.Height, kernel.Width], [step.Height, step.Width], [padding.Height, padding.Width], [apart.Height, apart.Width], ceil));
    }

    /// <summary>Mean of each window of [samples, channels, length]; padding is zeros.</summary>
    /// <param name="kernel">Elements of a window.</param>
    /// <param name="stride">Distance of windows; null: the kernel.</param>
    /// <param name="padding">Zeros before and after; at most half of the kernel.</param>
    /// <param name="ceil">Rounds the number of windows up: the last may reach beyond the padding, but not begin there.</param>
    /// <param name="countIncludePad">Divides by the elements of a window in the padded axis, not by those in x alone.</param>
    /// <exception cref="ShapeException">The shape or a number does not fit.</exception>
    public Tensor AveragePool1d(int kernel, int? stride = null, int padding = 0, bool ceil = false, bool countIncludePad = true) =>
        AveragePoolOp.Apply(this, PoolShape.Of("AveragePool1d", Shape, [kernel], [stride ?? kernel], [padding], [1], ceil), countIncludePad, 0);

    /// <summary>Mean of each window of images [samples, channels, height, width] with the same numbers for both axes.</summary>
    /// <param name="kernel">Height and width of a window.</param>
    /// <param name="stride">Distance of windows; null: the kernel.</param>
    /// <param name="padding">Zeros on each side; at most half of the kernel.</param>
    /// <param name="ceil">Rounds the number of windows up: the last may reach beyond the padding, but not begin there.</param>
    /// <param name="countIncludePad">Divides by the elements of a window in the padded image, not by those in x alone.</param>
    /// <param name="divisor">Divides by this instead; null for none.</param>
    /// <exception cref="ShapeException">The shape or a number does not fit.</exception>
    public Tensor AveragePool2d(int kernel, int? stride = null, int padding = 0, bool ceil = false, bool countIncludePad = true, int? divisor = null)
    {
        int step = stride ?? kernel;
        return AveragePool2d((kernel, kernel), (step, step), (padding, padding), ceil, countIncludePad, divisor);
    }

    /// <summary>The same with numbers for each axis.</summary>
    /// <inheritdoc cref="AveragePool2d(int, int?, int, bool, bool, int?)"/>
    public Tensor AveragePool2d(
        (int Height, int Width) kernel, (int Height, int Width)? stride = null, (int Height, int Width) padding = default,
        bool ceil = false, bool countIncludePad = true, int? divisor = null)
    {
        if (divisor is < 1) throw new ArgumentOutOfRangeException(nameof(divisor), divisor, "AveragePool2d: a divisor must be at least 1.");
        var step = stride ?? kernel;
        var windows = PoolShape.Of(
            "AveragePool2d", Shape, [kernel.Height, kernel.Width], [step.Height, step.Width], [padding.Height, padding.Width], [1, 1], ceil);
        return AveragePoolOp.Apply(this, windows, countIncludePad, divisor ?? 0);
    }

    /// <summary>Maximum of so many windows that share out each of the last axes of [samples, channels, ...] evenly; 1 is the global maximum.</summary>
    /// <param name="outputs">Number of windows along the length, or along height and width.</param>
    /// <exception cref="ShapeException">The shape has another number of axes, or a number is less than 1.</exception>
    public Tensor AdaptiveMaxPool(params ReadOnlySpan<int> outputs) => MaxPoolOp.Apply(this, PoolShape.Adaptive("AdaptiveMaxPool", Shape, outputs));

    /// <summary>Mean of so many windows that share out each of the last axes of [samples, channels, ...] evenly; 1 is the global mean.</summary>
    /// <param name="outputs">Number of windows along the length, or along height and width.</param>
    /// <exception cref="ShapeException">The shape has another number of axes, or a number is less than 1.</exception>
    public Tensor AdaptiveAveragePool(params ReadOnlySpan<int> outputs) =>
        AveragePoolOp.Apply(this, PoolShape.Adaptive("AdaptiveAveragePool", Shape, outputs), includePad: true, 0);
}
