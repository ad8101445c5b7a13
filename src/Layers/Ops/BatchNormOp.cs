using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y = f((x - mean) rstd weight + bias) with the statistics of each channel over samples and places, or with given ones; f is the identity
/// or max(z, 0), whose mask the gradient computes again.
/// </summary>
internal sealed class BatchNormOp(
    Tensor x, Tensor y, Tensor? weight, Tensor? bias, DeviceBuffer mean, DeviceBuffer inverse, bool ofBatch, bool relu) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Tensor? weight, Tensor? bias, float epsilon, bool relu, RunningStatistics? running)
    {
        var (samples, channels, size) = Check(x, weight, bias, epsilon);
        if (samples * size == 1)
            throw new ShapeException("BatchNorm", $"{x.Shape} has one value per channel, whose variance is nothing; training needs more.");
        if (running is { } averages)
        {
            CheckChannels(x, averages.Mean, channels, "running mean");
            CheckChannels(x, averages.Variance, channels, "running variance");
            if (!(averages.Factor is >= 0f and <= 1f))
                throw new ArgumentOutOfRangeException(nameof(running), averages.Factor, "BatchNorm: the share of new statistics must lie in [0, 1].");
        }
        var y = Tensor.Empty(x.Device, x.Shape, "BatchNorm");
        var mean = x.Device.AllocateTemporary(channels, "mean of BatchNorm");
        var inverse = x.Device.AllocateTemporary(channels, "deviation of BatchNorm");
        if (x.Count > 0)
        {
            Kernels.BatchNorm.Forward(x.Buffer, weight?.Buffer, bias?.Buffer, y.Buffer, mean, inverse, new SetStatistics
            {
                Mean = mean.Floats,
                Inverse = inverse.Floats,
                RunningMean = (running?.Mean.Buffer ?? mean).Floats,
                RunningVariance = (running?.Variance.Buffer ?? mean).Floats,
                Epsilon = epsilon,
                Factor = StepFloat.Of(x.Device, running?.Factor ?? 0f, running?.CapturedFactor),
                Unbiased = (float)((double)samples * size / (samples * size - 1)),
            }, samples, channels, size, relu);
        }
        Recorder(x, weight, bias)?.Add(new BatchNormOp(x, y, weight, bias, mean, inverse, ofBatch: true, relu));
        return y;
    }

    public static Tensor Apply(Tensor x, Tensor mean, Tensor variance, Tensor? weight, Tensor? bias, float epsilon, bool relu)
    {
        var (samples, channels, size) = Check(x, weight, bias, epsilon);
        CheckChannels(x, mean, channels, "mean");
        CheckChannels(x, variance, channels, "variance");
        if (mean.RequiresGradient || variance.RequiresGradient)
            throw new ArgumentException("BatchNorm: given statistics are constants, a gradient of them is not computed.", nameof(mean));
        var y = Tensor.Empty(x.Device, x.Shape, "BatchNorm");
        var inverse = x.Device.AllocateTemporary(channels, "deviation of BatchNorm");
        Kernels.BatchNorm.Invert(variance.Buffer, inverse, epsilon);
        DeviceBuffer means = mean.Buffer;
        if (Recorder(x, weight, bias) is { } tape)
        {
            // A copy: running statistics change before the gradient is computed if a later batch moves them.
            means = x.Device.AllocateTemporary(channels, "mean of BatchNorm");
            x.Device.Copy(mean.Buffer, means);
            tape.Add(new BatchNormOp(x, y, weight, bias, means, inverse, ofBatch: false, relu));
        }
        if (x.Count > 0) Kernels.BatchNorm.Normalize(x.Buffer, weight?.Buffer, bias?.Buffer, y.Buffer, means, inverse, samples, channels, size, relu);
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var (samples, channels, size) = Sizes(x.Shape);
        var dx = tape.Fresh(x);
        bool addWeight = false, addBias = false;
        var dw = weight is null ? null : tape.Target(weight, out addWeight);
        var db = bias is null ? null : tape.Target(bias, out addBias);
        var totals = x.Device.AllocateTemporary(4 * channels, "sums of BatchNorm");
        if (x.Count == 0) x.Device.Clear(totals);
        else Kernels.BatchNorm.Backward(x.Buffer, dy, weight?.Buffer, bias?.Buffer, mean, inverse, totals, dx, samples, channels, size, ofBatch, relu);
        if (dx is not null) tape.Put(x, dx);
        if (dw is not null) BlockSums.Launch(totals, 0, channels, 1, dw, addWeight);
        if (db is not null) BlockSums.Launch(totals, channels, channels, 1, db, addBias);
    }

    private static (int Samples, int Channels, int Size) Sizes(Shape shape) => (shape[0], shape[1], shape.Product(2, shape.Rank));

    private static (int Samples, int Channels, int Size) Check(Tensor x, Tensor? weight, Tensor? bias, float epsilon)
    {
        if (x.Shape.Rank < 2) throw new ShapeException("BatchNorm", $"takes [samples, channels] or [samples, channels, places...], got {x.Shape}.");
        if (epsilon <= 0 || !float.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "BatchNorm: epsilon must be positive.");
        if (weight is not null) CheckChannels(x, weight, x.Shape[1], "weight");
        if (bias is not null) CheckChannels(x, bias, x.Shape[1], "bias");
        return Sizes(x.Shape);
    }

    private static void CheckChannels(Tensor x, Tensor values, int channels, string name)
    {
        CheckDevice("BatchNorm", x.Device, values.Device);
        if (values.Shape.Rank != 1 || values.Shape[0] != channels)
            throw new ShapeException("BatchNorm", $"{name} has shape {values.Shape}, expected [{channels}], a value for each channel of x {x.Shape}.");
    }
}
