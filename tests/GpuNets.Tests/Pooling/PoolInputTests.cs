using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Pooling;

/// <summary>Special values in windows, equal maxima, and input that is refused with a message.</summary>
public sealed class PoolInputTests
{
    private static readonly Refusals s_table = new()
    {
        ["max pool of a matrix"] = (d => Zeros(d, 4, 4).MaxPool2d(2), typeof(ShapeException), ["MaxPool2d", "[samples, channels, height, width]", "[4, 4]"]),
        ["max pool 1d of images"] = (d => Zeros(d, 1, 1, 4, 4).MaxPool1d(2), typeof(ShapeException), ["MaxPool1d", "length", "[1, 1, 4, 4]"]),
        ["no kernel"] = (d => Zeros(d, 1, 1, 4, 4).MaxPool2d(0), typeof(ShapeException), ["MaxPool2d", "kernel 0"]),
        ["no stride"] = (d => Zeros(d, 1, 1, 4, 4).AveragePool2d(2, 0), typeof(ShapeException), ["AveragePool2d", "stride 0"]),
        ["no dilation"] = (d => Zeros(d, 1, 1, 4).MaxPool1d(2, dilation: 0), typeof(ShapeException), ["MaxPool1d", "dilation 0"]),
        ["more padding than half of the kernel"] = (d => Zeros(d, 1, 1, 4, 4).MaxPool2d(3, 1, 2), typeof(ShapeException), ["MaxPool2d", "padding 2", "kernel of 3"]),
        ["a kernel wider than the image"] = (d => Zeros(d, 1, 1, 4, 4).AveragePool2d(5), typeof(ShapeException), ["AveragePool2d", "window of 5", "4 elements", "[1, 1, 4, 4]"]),
        ["no divisor"] = (d => Zeros(d, 1, 1, 4, 4).AveragePool2d(2, divisor: 0), typeof(ArgumentOutOfRangeException), ["AveragePool2d", "divisor"]),
        ["no adaptive windows"] = (d => Zeros(d, 1, 1, 4, 4).AdaptiveAveragePool(0, 1), typeof(ShapeException), ["AdaptiveAveragePool", "0 windows", "[1, 1, 4, 4]"]),
        ["adaptive windows of an empty axis"] = (d => Zeros(d, 1, 1, 0).AdaptiveMaxPool(2), typeof(ShapeException), ["AdaptiveMaxPool", "2 windows", "[1, 1, 0]"]),
        ["a size for one axis of two"] = (d => Zeros(d, 1, 1, 4, 4).Resize([2]), typeof(ShapeException), ["Resize", "1 sizes", "[1, 1, 4, 4]"]),
        ["a size of nothing"] = (d => Zeros(d, 1, 1, 4).Resize([0]), typeof(ShapeException), ["Resize", "axis 2", "0 long"]),
        ["a factor that leaves nothing"] = (d => Zeros(d, 1, 1, 4).ResizeBy([0.2f]), typeof(ShapeException), ["Resize", "axis 2", "leaves nothing"]),
        ["a pair for one axis of two"] = (d => Zeros(d, 4, 4).Pad([(1, 1)], PadMode.Reflect), typeof(ShapeException), ["Pad", "1 paddings", "2 axes"]),
        ["negative padding"] = (d => Zeros(d, 4).Pad([(-1, 1)], PadMode.Circular), typeof(ShapeException), ["Pad", "(-1, 1)", "negative"]),
        ["padding of nothing"] = (d => Zeros(d, 0).Pad([(1, 1)], PadMode.Replicate), typeof(ShapeException), ["Pad", "axis 0", "empty"]),
    };

    public static TheoryData<string> Names => s_table.Names;

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_table.Check(name);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_window_with_NaN_gives_NaN_and_its_gradient_goes_there()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor([1, float.NaN, 5, 2, float.NaN, 3, float.NegativeInfinity, float.NegativeInfinity], (1, 1, 8)));
        var y = x.MaxPool1d(2);
        Assert.Equal([float.NaN, 5, float.NaN, float.NegativeInfinity], y.ToArray());
        tape.Backward(y, lease.Device.Tensor([1f, 2f, 3f, 4f], y.Shape));
        Assert.Equal([0, 1, 2, 0, 3, 0, 4, 0], tape.Gradient(x)!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task The_first_of_equal_maxima_gets_the_gradient()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor([0, 7, 7, 7], (1, 1, 2, 2)));
        var y = x.MaxPool2d(2);
        tape.Backward(y, lease.Device.Tensor([1f], y.Shape));
        Assert.Equal([0, 1, 0, 0], tape.Gradient(x)!.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task The_two_reflections_differ_by_the_edge()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor(1f, 2f, 3f);
        Assert.Equal([3, 2, 1, 2, 3, 2, 1], x.Pad([(2, 2)], PadMode.Reflect).ToArray());
        Assert.Equal([2, 1, 1, 2, 3, 3, 2], x.Pad([(2, 2)], PadMode.Symmetric).ToArray());
        Assert.Equal([1, 1, 1, 2, 3, 3, 3], x.Pad([(2, 2)], PadMode.Replicate).ToArray());
        Assert.Equal([2, 3, 1, 2, 3, 1, 2], x.Pad([(2, 2)], PadMode.Circular).ToArray());
    }

    private static Tensor Zeros(Device device, params int[] shape) => device.Tensor(new float[new Shape(shape).Count], shape);
}
