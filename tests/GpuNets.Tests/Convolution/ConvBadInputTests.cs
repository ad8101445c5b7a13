using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Convolutions;

/// <summary>Input that convolutions refuse, with messages that name the operation and what came.</summary>
public sealed class ConvBadInputTests
{
    private static readonly Refusals s_table = new()
    {
        ["channels"] = (d => Zeros(d, 8, 3, 32, 32).Conv2d(Zeros(d, 32, 16, 3, 3)), typeof(ShapeException),
            ["Conv2d: input has 3 channels but weight expects 16 (input [8, 3, 32, 32], weight [32, 16, 3, 3])."]),
        ["channels of groups"] = (d => Zeros(d, 1, 4, 8, 8).Conv2d(Zeros(d, 4, 4, 3, 3), groups: 2), typeof(ShapeException), ["4 channels", "expects 8 in 2 groups"]),
        ["outputs of groups"] = (d => Zeros(d, 1, 4, 8, 8).Conv2d(Zeros(d, 3, 2, 3, 3), groups: 2), typeof(ShapeException), ["3 output channels", "2 groups"]),
        ["rank of the input"] = (d => Zeros(d, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3)), typeof(ShapeException), ["Conv2d", "[3, 8, 8]", "[batch, channels, height, width]"]),
        ["rank of a sequence"] = (d => Zeros(d, 3, 8).Conv1d(Zeros(d, 4, 3, 3)), typeof(ShapeException), ["Conv1d", "[3, 8]", "[batch, channels, length]"]),
        ["rank of the weight"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3)), typeof(ShapeException), ["Conv2d", "[4, 3, 3]", "4 axes"]),
        ["bias"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3), Zeros(d, 3)), typeof(ShapeException), ["Conv2d", "[3]", "[4]"]),
        ["stride 0"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3), stride: (1, 0)), typeof(ShapeException), ["stride (1, 0)"]),
        ["dilation 0"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3), dilation: 0), typeof(ShapeException), ["dilation 0"]),
        ["no groups"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3), groups: 0), typeof(ShapeException), ["0 groups"]),
        ["negative padding"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3), padding: new(1, -1, 0, 0)), typeof(ShapeException), ["bottom -1", "Slice"]),
        ["empty kernel"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 0, 3)), typeof(ShapeException), ["[4, 3, 0, 3]", "empty"]),
        ["kernel larger than the image"] = (d => Zeros(d, 1, 3, 8, 8).Conv2d(Zeros(d, 4, 3, 3, 3), dilation: (1, 4)), typeof(ShapeException), ["does not fit", "dilation (1, 4)"]),
        ["transposed: channels"] = (d => Zeros(d, 1, 3, 8, 8).ConvTranspose2d(Zeros(d, 4, 3, 3, 3)), typeof(ShapeException), ["ConvTranspose2d: input has 3 channels but weight expects 4"]),
        ["transposed: groups"] = (d => Zeros(d, 1, 3, 8, 8).ConvTranspose2d(Zeros(d, 3, 3, 3, 3), groups: 2), typeof(ShapeException), ["3 input channels", "2 groups"]),
        ["transposed: bias"] = (d => Zeros(d, 1, 3, 8, 8).ConvTranspose2d(Zeros(d, 3, 4, 3, 3), Zeros(d, 3)), typeof(ShapeException), ["[3]", "[4]"]),
        ["transposed: output padding"] = (d => Zeros(d, 1, 3, 8, 8).ConvTranspose2d(Zeros(d, 3, 4, 3, 3), stride: 2, outputPadding: 2), typeof(ShapeException), ["output padding 2", "stride 2"]),
        ["transposed: nothing left"] = (d => Zeros(d, 1, 3, 2).ConvTranspose1d(Zeros(d, 3, 4, 3), padding: 3), typeof(ShapeException), ["ConvTranspose1d", "nothing is left"]),
        ["weight norm: scale"] = (d => Zeros(d, 4, 3).WeightNorm(Zeros(d, 3)), typeof(ShapeException), ["WeightNorm", "[3]", "[4, 3]"]),
        ["weight norm: axis"] = (d => Zeros(d, 4, 3).WeightNorm(Zeros(d, 3), 2), typeof(ShapeException), ["WeightNorm", "axis 2"]),
        ["layer: groups"] = (d => _ = new Conv2d(new Vars(d), 4, 6, 3, new Conv2dOptions { Groups = 4 }), typeof(ArgumentOutOfRangeException), ["Conv2d", "4 groups"]),
        ["layer: even mask"] = (d => _ = new MaskedConv2d(new Vars(d), 4, 4, (2, 3)), typeof(ArgumentOutOfRangeException), ["MaskedConv2d", "odd"]),
        ["layer: empty mask"] = (d => _ = new MaskedConv2d(new Vars(d), 4, 4, 1, new MaskedConv2dOptions { Type = ConvMaskType.A }), typeof(ArgumentOutOfRangeException), ["type A"]),
        ["layer: colours"] = (d => _ = new MaskedConv2d(new Vars(d), 4, 6, 3, new MaskedConv2dOptions { Colors = 3 }), typeof(ArgumentOutOfRangeException), ["3 colours"]),
        ["layer: norm of groups"] = (d => _ = new ConvTranspose1d(new Vars(d), 4, 4, 3, new ConvTranspose1dOptions { Groups = 2, WeightNorm = new() }),
            typeof(ArgumentException), ["ConvTranspose1d", "one group"]),
    };

    public static TheoryData<string> Names => s_table.Names;

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_table.Check(name);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tensors_of_two_devices_are_refused()
    {
        await Task.Yield();
        using DeviceLease first = TestDevices.Lease(), second = TestDevices.Lease();
        using MemoryScope a = first.Device.Scope(), b = second.Device.Scope();
        var x = Zeros(first.Device, 1, 2, 4, 4);
        Action[] acts =
        [
            () => x.Conv2d(Zeros(second.Device, 2, 2, 3, 3)), () => x.Conv2d(Zeros(first.Device, 2, 2, 3, 3), Zeros(second.Device, 2)),
            () => x.ConvTranspose2d(Zeros(second.Device, 2, 2, 3, 3)), () => Zeros(first.Device, 2, 2).WeightNorm(Zeros(second.Device, 2)),
        ];
        Assert.All(acts, act => Assert.Throws<DeviceMismatchException>(act));
    }

    private static Tensor Zeros(Device device, params int[] shape) => device.Tensor(new float[new Shape(shape).Count], shape);
}
