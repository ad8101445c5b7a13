using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Normalization;

/// <summary>Input that normalisations refuse, with messages that name the op and what came.</summary>
public sealed class NormalizationInputTests
{
    private static readonly Refusals s_table = new()
    {
        ["batch norm of a vector"] = (d => Zeros(d, 3).BatchNorm(), typeof(ShapeException), ["BatchNorm", "[samples, channels]", "[3]"]),
        ["batch norm of one value per channel"] = (d => Zeros(d, 1, 3).BatchNorm(), typeof(ShapeException), ["BatchNorm", "[1, 3]", "one value per channel"]),
        ["batch norm with a weight of another size"] = (d => Zeros(d, 2, 3).BatchNorm(Zeros(d, 2)), typeof(ShapeException), ["BatchNorm", "weight", "[2]", "[3]", "[2, 3]"]),
        ["batch norm with a bias of another rank"] = (d => Zeros(d, 2, 3).BatchNorm(Zeros(d, 3), Zeros(d, 3, 1)), typeof(ShapeException), ["BatchNorm", "bias", "[3, 1]", "[3]"]),
        ["batch norm with a mean of another size"] = (d => Zeros(d, 2, 3).BatchNorm(Zeros(d, 4), Zeros(d, 3), null, null), typeof(ShapeException), ["BatchNorm", "mean", "[4]", "[3]"]),
        ["batch norm with a variance of another size"] = (d => Zeros(d, 2, 3).BatchNorm(Zeros(d, 3), Zeros(d, 1), null, null), typeof(ShapeException), ["BatchNorm", "variance", "[1]", "[3]"]),
        ["batch norm without epsilon"] = (d => Zeros(d, 2, 3).BatchNorm(epsilon: 0), typeof(ArgumentOutOfRangeException), ["BatchNorm", "epsilon"]),
        ["batch norm layer without channels"] = (d => new BatchNorm1d(new Vars(d), 0), typeof(ArgumentOutOfRangeException), ["channels"]),
        ["batch norm layer with a momentum above 1"] = (d => new BatchNorm2d(new Vars(d), 3, new BatchNormOptions { Momentum = 1.5f }), typeof(ArgumentOutOfRangeException), ["BatchNorm2d", "momentum"]),
        ["batch norm layer with a negative epsilon"] = (d => new BatchNorm1d(new Vars(d), 3, new BatchNormOptions { Epsilon = -1 }), typeof(ArgumentOutOfRangeException), ["BatchNorm1d", "epsilon"]),
        ["images for vectors"] = (d => Bare1d(d, 3).Forward(Zeros(d, 2, 3, 4, 4)), typeof(ShapeException), ["BatchNorm1d", "[samples, 3]", "[2, 3, 4, 4]"]),
        ["vectors for images"] = (d => new BatchNorm2d(new Vars(d), 3, Bare).Forward(Zeros(d, 2, 3)), typeof(ShapeException), ["BatchNorm2d", "[samples, 3, height, width]", "[2, 3]"]),
        ["other channels than the layer's"] = (d => Bare1d(d, 3).Forward(Zeros(d, 2, 4)), typeof(ShapeException), ["BatchNorm1d", "[samples, 3]", "[2, 4]"]),
        ["groups that do not divide the channels"] = (d => Zeros(d, 2, 6).GroupNorm(4), typeof(ShapeException), ["GroupNorm", "6 channels", "4 groups"]),
        ["no groups"] = (d => Zeros(d, 2, 6).GroupNorm(0), typeof(ShapeException), ["GroupNorm", "0 groups"]),
        ["group norm of a vector"] = (d => Zeros(d, 6).GroupNorm(2), typeof(ShapeException), ["GroupNorm", "[6]"]),
        ["group norm of nothing"] = (d => Zeros(d, 2, 6, 0).GroupNorm(2), typeof(ShapeException), ["GroupNorm", "[2, 6, 0]"]),
        ["group norm with a weight of another size"] = (d => Zeros(d, 2, 6).GroupNorm(2, Zeros(d, 2)), typeof(ShapeException), ["GroupNorm", "weight", "[2]", "[6]"]),
        ["group norm with a bias alone"] = (d => Zeros(d, 2, 6).GroupNorm(2, null, Zeros(d, 6)), typeof(ArgumentException), ["GroupNorm", "bias needs a weight"]),
        ["group norm without epsilon"] = (d => Zeros(d, 2, 6).GroupNorm(2, epsilon: -1), typeof(ArgumentOutOfRangeException), ["GroupNorm", "epsilon"]),
        ["group norm layer with bad groups"] = (d => new GroupNorm(new Vars(d), 4, 6), typeof(ShapeException), ["GroupNorm", "6 channels", "4 groups"]),
        ["group norm layer, other channels"] = (d => new GroupNorm(new Vars(d), 2, 6, new LayerNormOptions { Weight = false }).Forward(Zeros(d, 2, 4)), typeof(ShapeException), ["GroupNorm", "[samples, 6, ...]", "[2, 4]"]),
    };

    private static BatchNormOptions Bare => new() { Affine = false, TrackStatistics = false };

    public static TheoryData<string> Names => s_table.Names;

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_table.Check(name);
    }

    private static BatchNorm1d Bare1d(Device device, int channels) => new(new Vars(device), channels, Bare);

    private static Tensor Zeros(Device device, params int[] shape) => device.Tensor(new float[new Shape(shape).Count], shape);
}
