using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

/// <summary>The precision policy; what it does on tensor cores is with the forms of matrix products.</summary>
public sealed class PrecisionTests
{
    [Fact(Timeout = 60_000)]
    public async Task Scopes_nest_and_restore()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        Assert.Equal(Precision.Float32, device.Precision);
        using (device.With(Precision.Tf32))
        {
            using (device.With(Precision.BFloat16)) Assert.Equal(Precision.BFloat16, device.Precision);
            Assert.Equal(Precision.Tf32, device.Precision);
        }
        Assert.Equal(Precision.Float32, device.Precision);
    }

    [Fact(Timeout = 60_000)]
    public async Task Options_set_it_for_a_device()
    {
        await Task.Yield();
        using var device = TestDevices.Open(new DeviceOptions { Precision = Precision.BFloat16 });
        Assert.Equal(Precision.BFloat16, device.Precision);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(null, Precision.Float32)]
    [InlineData("", Precision.Float32)]
    [InlineData(" tf32 ", Precision.Tf32)]
    [InlineData("BFloat16", Precision.BFloat16)]
    public async Task A_variable_sets_it(string? value, Precision expected)
    {
        await Task.Yield();
        Assert.Equal(expected, Device.ParsePrecision(value));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("half")]
    [InlineData("7")]
    public async Task An_unknown_name_is_refused(string value)
    {
        await Task.Yield();
        var error = Assert.Throws<GpuNetsException>(() => Device.ParsePrecision(value));
        Assert.Equal($"GPUNETS_PRECISION is '{value}'; expected one of Float32, Tf32, BFloat16.", error.Message);
    }

    /// <summary>The form for warpgroups is a matter of size unless options or a variable say otherwise; devices that have none compute without it.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Warpgroups_are_an_option()
    {
        await Task.Yield();
        using var plain = TestDevices.Open();
        Assert.NotEqual(WarpgroupUse.Wherever, plain.Warpgroups);
        using var asked = TestDevices.Open(new DeviceOptions { Warpgroups = true });
        using var refused = TestDevices.Open(new DeviceOptions { Warpgroups = false });
        Assert.Equal(WarpgroupUse.Never, refused.Warpgroups);
        if (asked.Kind != DeviceKind.Cuda) Assert.All(new[] { plain, asked }, device => Assert.Equal(WarpgroupUse.Never, device.Warpgroups));
        else Assert.Equal(plain.Warpgroups == WarpgroupUse.Never ? WarpgroupUse.Never : WarpgroupUse.Wherever, asked.Warpgroups);
        Assert.All(new[] { null, "" }, value => Assert.Null(Device.ParseWarpgroups(value)));
        Assert.False(Device.ParseWarpgroups(" 0 "));
        Assert.True(Device.ParseWarpgroups("1"));
        var error = Assert.Throws<GpuNetsException>(() => Device.ParseWarpgroups("yes"));
        Assert.Equal("GPUNETS_WARPGROUPS is 'yes'; expected 1 or 0.", error.Message);
    }

    /// <summary>Without tensor cores the policy changes no bit.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Devices_without_tensor_cores_compute_in_float32()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        if (lease.Device.HasTensorCores) return;
        var size = new GemmSize(65, 70, 130, transposeB: true);
        var sample = new GemmCase(size, 5);
        float[] expected = sample.Run(lease.Device);
        using (lease.Device.With(Precision.BFloat16)) Assert.Equal(expected, sample.Run(lease.Device));
    }

    /// <summary>With tensor cores, each precision has the error of its own rounding of the operands and of float sums.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(Precision.Tf32)]
    [InlineData(Precision.BFloat16)]
    public async Task Tensor_cores_multiply_rounded_operands(Precision precision)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Assert.SkipUnless(lease.Device.HasTensorCores, $"{lease.Device} has no tensor cores");
        using (lease.Device.With(precision))
            foreach (var size in new GemmSize[] { new(129, 65, 257), new(256, 128, 512, 2, true, true), new(64, 576, 4096, 1, true) })
                new GemmCase(size, 6, bias: true, round: value => BitConverter.UInt32BitsToSingle(
                    precision == Precision.Tf32 ? Rounding.Tf32(value) : Rounding.BFloat16Pair(0f, value))).Check(lease.Device);
    }

    [Fact(Timeout = 60_000)]
    public async Task Gradients_are_computed_in_the_precision_of_the_recording()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        using var tape = device.Record();
        var x = tape.Watch(device.Tensor(1f, 2f));
        var seen = new List<Precision>();
        Tensor y;
        using (device.With(Precision.Tf32)) y = Spy.Apply(x, seen);
        var z = Spy.Apply(y, seen);
        tape.Backward(z, device.Tensor(1f, 1f));
        Assert.Equal([Precision.Float32, Precision.Tf32], seen);
        Assert.Equal(Precision.Float32, device.Precision);
    }

    private sealed class Spy(Tensor x, Tensor y, List<Precision> seen) : SingleOp(y)
    {
        public static Tensor Apply(Tensor x, List<Precision> seen)
        {
            var y = Tensor.Empty(x.Device, x.Shape, "Spy");
            x.Device.Copy(x.Buffer, y.Buffer);
            Recorder(x)!.Add(new Spy(x, y, seen));
            return y;
        }

        protected override void Backward(Tape tape, DeviceBuffer dy)
        {
            seen.Add(x.Device.Precision);
            x.Device.Copy(dy, tape.Target(x, out _)!);
        }
    }
}
