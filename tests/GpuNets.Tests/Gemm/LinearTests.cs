using Xunit;

namespace GpuNets.Tests;

public sealed class LinearTests
{
    [Fact(Timeout = 60_000)]
    public void ComputesTheFormula()
    {
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device, seed: 1);
        var layer = new Linear(vars["layer"], 3, 2, activation: Activation.Relu);
        layer.Weight.Assign([1, 2, 3, -1, -2, -3]);
        layer.Bias!.Assign([10, 20]);
        using (lease.Device.Scope())
            Assert.Equal([16f, 14f, 11f, 19f], layer.Forward(lease.Device.Tensor([1, 1, 1, 1, 0, 0], [2, 1, 3])).ToArray());
        using (var tape = lease.Device.Record())
        {
            tape.Backward(layer.Forward(lease.Device.Tensor([1, 2, 3, 4, 5, 6], [2, 3])), lease.Device.Tensor([1, 0, 1, 0], [2, 2]));
            Assert.Equal([5f, 7f, 9f, 0f, 0f, 0f], layer.Weight.Gradient!.ToArray());
            Assert.Equal([2f, 0f], layer.Bias.Gradient!.ToArray());
        }
        Free(vars);
    }

    /// <summary>The shortcut of a residual block: the sum of both, in one launch less, with the same gradients, also where x is the shortcut.</summary>
    [Fact(Timeout = 60_000)]
    public void AddsAResidual()
    {
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var vars = new Vars(device, seed: 3);
        var layer = new Linear(vars, 5, 5);
        float[] values = [.. Enumerable.Range(0, 15).Select(i => 0.1f * i - 0.7f)], weights = [.. values.Select(value => value * value - 0.2f)];
        var (y, dx, dw, launches) = Run(x => layer.Forward(x, x));
        var (plainY, plainDx, plainDw, plainLaunches) = Run(x => layer.Forward(x) + x);
        Assert.Equal(plainLaunches - 1, launches);
        Assert.Equal(plainDw, dw);
        for (int i = 0; i < 15; i++)
        {
            Assert.Equal(plainY[i], y[i], 1e-6f);
            Assert.Equal(plainDx[i], dx[i], 1e-6f);
        }
        Free(vars);

        (float[] Y, float[] Dx, float[] Dw, long Launches) Run(Func<Tensor, Tensor> block)
        {
            layer.Weight.ClearGradient();
            layer.Bias!.ClearGradient();
            using var tape = device.Record();
            var x = tape.Watch(device.Tensor(values, [3, 5]));
            var dy = device.Tensor(weights, [3, 5]);
            long before = device.Launches;
            var result = block(x);
            long forward = device.Launches - before;
            tape.Backward(result, dy);
            return (result.ToArray(), tape.Gradient(x)!.ToArray(), layer.Weight.Gradient!.ToArray(), forward);
        }
    }

    [Fact(Timeout = 60_000)]
    public void StartsAsPyTorchDoes()
    {
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device, seed: 2);
        var layer = new Linear(vars, 400, 50);
        float[] weight = layer.Weight.ToArray();
        Assert.Equal([50, 400], layer.Weight.Shape);
        Assert.Equal(50 * 400 + 50, layer.ParameterCount);
        Assert.InRange(weight.Max(), 0.049f, 0.05f);
        Assert.InRange(weight.Min(), -0.05f, -0.049f);
        Assert.InRange(weight.Average(), -0.001f, 0.001f);   // deviation of the mean: 0.05 / sqrt(3) / sqrt(20000) = 0.0002
        Assert.Equal("Linear(400 -> 50), 20,050 parameters", layer.ToString());
        Assert.Null(new Linear(vars["other"], 4, 5, bias: false).Bias);
        Free(vars);
    }

    [Fact(Timeout = 60_000)]
    public void RefusesOtherSizes()
    {
        using var lease = TestDevices.Lease();
        var vars = new Vars(lease.Device);
        var layer = new Linear(vars["head"], 3, 2);
        using (lease.Device.Scope())
        {
            var error = Assert.Throws<ShapeException>(() => layer.Forward(lease.Device.Tensor(new float[8], [2, 4])));
            Assert.Contains("head takes [..., 3] with two axes or more, got [2, 4]", error.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear(vars["none"], 0, 2));
        Free(vars);
    }

    private static void Free(Vars vars)
    {
        foreach (var parameter in vars.Parameters)
        {
            parameter.Buffer.Free();
            parameter.GradientBuffer?.Free();
        }
    }
}
