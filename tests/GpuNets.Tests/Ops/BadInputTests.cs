using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Ops;

/// <summary>Input that ops refuse, with messages that name the op and what came.</summary>
public sealed class BadInputTests
{
    private static readonly Refusals s_table = new()
    {
        ["shapes that do not broadcast"] = (d => _ = Zeros(d, 2, 3) + Zeros(d, 2, 4), typeof(ShapeException), ["Add", "[2, 3]", "[2, 4]", "axis 1"]),
        ["shapes of other rank that do not broadcast"] = (d => _ = Zeros(d, 2, 3) * Zeros(d, 2), typeof(ShapeException), ["Multiply", "[2, 3]", "[2]"]),
        ["too many alternating axes"] = (d => _ = Zeros(d, 2, 1, 2, 1, 2, 1, 2) + Zeros(d, 1, 2, 1, 2, 1, 2, 1), typeof(ShapeException), ["Add", "6 axes"]),
        ["sum over an axis out of range"] = (d => Zeros(d, 2, 3).Sum(2), typeof(ShapeException), ["Sum", "axis 2", "[2, 3]"]),
        ["mean over a negative axis out of range"] = (d => Zeros(d, 2, 3).Mean(-3), typeof(ShapeException), ["Mean", "axis -3"]),
        ["an axis named twice"] = (d => Zeros(d, 2, 3).Max([1, -1]), typeof(ShapeException), ["Max", "axis -1", "twice"]),
        ["maximum of nothing"] = (d => Zeros(d, 2, 0).Max(1), typeof(ShapeException), ["Max", "[2, 0]"]),
        ["maximum of no elements at all"] = (d => Zeros(d, 0).Max(), typeof(ShapeException), ["Max", "[0]"]),
        ["softmax over an axis out of range"] = (d => Zeros(d, 2, 3).Softmax(5), typeof(ShapeException), ["Softmax", "axis 5"]),
        ["log-softmax of a scalar"] = (d => d.Tensor([1f], []).LogSoftmax(), typeof(ShapeException), ["LogSoftmax", "axis -1", "[]"]),
        ["clamp with bounds in the wrong order"] = (d => Zeros(d, 2).Clamp(1, -1), typeof(ArgumentException), ["Clamp", "1", "-1"]),
        ["clamp with NaN"] = (d => Zeros(d, 2).Clamp(float.NaN, 1), typeof(ArgumentException), ["Clamp", "NaN"]),
        ["too few labels"] = (d => Zeros(d, 2, 3).CrossEntropy(d.Indices(1)), typeof(ShapeException), ["CrossEntropy", "[2, 3]", "[2]", "[1]"]),
        ["labels of another rank"] = (d => Zeros(d, 2, 3).CrossEntropy(d.Indices([0, 1], [2, 1])), typeof(ShapeException), ["CrossEntropy", "[2, 1]"]),
        ["a label too large"] = (d => Zeros(d, 2, 3).CrossEntropy(d.Indices(0, 3)), typeof(ShapeException), ["CrossEntropy", "label 3", "3 classes"]),
        ["a negative label"] = (d => Zeros(d, 2, 3).CrossEntropy(d.Indices(0, -1)), typeof(ShapeException), ["CrossEntropy", "label -1"]),
        ["a bad label beside an ignored one"] = (d => Zeros(d, 3, 3).CrossEntropy(d.Indices(-100, -1, 0)), typeof(ShapeException), ["CrossEntropy", "label -1"]),
        ["the default ignored label when another is ignored"] = (d => Zeros(d, 2, 3).CrossEntropy(d.Indices(-100, 0), ignoredLabel: 0), typeof(ShapeException), ["label -100"]),
        ["logits without classes"] = (d => Zeros(d, 2, 0).CrossEntropy(d.Indices(0, 0)), typeof(ShapeException), ["CrossEntropy", "[2, 0]"]),
        ["scalar logits"] = (d => d.Tensor([1f], []).CrossEntropy(d.Indices([0], [])), typeof(ShapeException), ["CrossEntropy", "classes"]),
        ["smoothing out of range"] = (d => Zeros(d, 1, 3).CrossEntropy(d.Indices(0), smoothing: 1.5f), typeof(ArgumentOutOfRangeException), ["CrossEntropy", "smoothing"]),
        ["labels of maps for another axis"] = (d => Zeros(d, 2, 3, 4).CrossEntropy(d.Indices(new int[6], [2, 3]), axis: 1), typeof(ShapeException), ["CrossEntropy", "[2, 3, 4]", "axis 1", "[2, 4]", "[2, 3]"]),
        ["classes along an axis that does not exist"] = (d => Zeros(d, 2, 3).CrossEntropy(d.Indices(0, 0), axis: 2), typeof(ShapeException), ["CrossEntropy", "axis 2"]),
        ["a label of a map that is no class"] = (d => Zeros(d, 1, 3, 2).CrossEntropy(d.Indices([255, 3], [1, 2]), ignoredLabel: 255, axis: 1), typeof(ShapeException), ["CrossEntropy", "label 3", "3 classes"]),
        ["a weight of another width"] = (d => Zeros(d, 2, 3).LinearCrossEntropy(Zeros(d, 4, 2), d.Indices(0, 1)), typeof(ShapeException), ["LinearCrossEntropy", "[4, 2]", "[2, 3]"]),
        ["a bias of another length"] = (d => Zeros(d, 2, 3).LinearCrossEntropy(Zeros(d, 4, 3), d.Indices(0, 1), Zeros(d, 3)), typeof(ShapeException), ["LinearCrossEntropy", "bias", "[3]", "[4]"]),
        ["too few labels of a linear cross-entropy"] = (d => Zeros(d, 2, 3).LinearCrossEntropy(Zeros(d, 4, 3), d.Indices(0)), typeof(ShapeException), ["LinearCrossEntropy", "[2, 3]", "[2]", "[1]"]),
        ["a label that is no class"] = (d => Zeros(d, 2, 3).LinearCrossEntropy(Zeros(d, 4, 3), d.Indices(0, 4)), typeof(ShapeException), ["LinearCrossEntropy", "label 4", "4 classes"]),
        ["a chunk of no rows"] = (d => Zeros(d, 2, 3).LinearCrossEntropy(Zeros(d, 4, 3), d.Indices(0, 1), chunkRows: 0), typeof(ArgumentOutOfRangeException), ["LinearCrossEntropy", "chunk"]),
        ["losses of elements"] = (d => Zeros(d, 2).MeanSquaredError(Zeros(d, 2), LossReduction.None), typeof(ArgumentOutOfRangeException), ["SquaredError", "mean or a sum"]),
        ["targets of another shape"] = (d => Zeros(d, 2, 3).MeanSquaredError(Zeros(d, 3)), typeof(ShapeException), ["SquaredError", "[2, 3]", "[3]"]),
        ["probabilities of another shape"] = (d => Zeros(d, 2).BinaryCrossEntropyWithLogits(Zeros(d, 2, 1)), typeof(ShapeException), ["BinaryCrossEntropy", "[2, 1]"]),
    };

    public static TheoryData<string> Names => s_table.Names;

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_table.Check(name);
    }

    [Fact(Timeout = 300_000)]
    public async Task Tensors_of_two_devices_are_refused()
    {
        await Task.Yield();
        using TestLease first = new(), second = new();
        Device a = first.Device, b = second.Device;
        Action[] acts =
        [
            () => _ = Zeros(a, 2) + Zeros(b, 2), () => Zeros(a, 2).Maximum(Zeros(b, 2)), () => Zeros(a, 2).MeanSquaredError(Zeros(b, 2)),
            () => Zeros(a, 2).BinaryCrossEntropyWithLogits(Zeros(b, 2)), () => Zeros(a, 2, 3).CrossEntropy(b.Indices(0, 1)),
        ];
        Assert.All(acts, act => Assert.Throws<DeviceMismatchException>(act));
    }

    private static Tensor Zeros(Device device, params int[] shape) => device.Tensor(new float[new Shape(shape).Count], shape);

    /// <summary>A device on loan with an open scope.</summary>
    private sealed class TestLease : IDisposable
    {
        private readonly DeviceLease _lease = TestDevices.Lease();
        private readonly MemoryScope _scope;

        public TestLease() => _scope = Device.Scope();

        public Device Device => _lease.Device;

        public void Dispose()
        {
            _scope.Dispose();
            _lease.Dispose();
        }
    }
}
