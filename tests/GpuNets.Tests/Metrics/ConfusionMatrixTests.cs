using GpuNets.Kernels;
using GpuNets.Tests.BadInput;

namespace GpuNets.Tests.Metrics;

/// <summary>Counts on the device against counts on the host, in every form, and what is refused.</summary>
public sealed class ConfusionMatrixTests
{
    private static readonly Refusals s_refused = new()
    {
        ["a label that is no class"] = (d => Add(d, [0, 1, 2], [0, 255, 3]), typeof(ShapeException), ["ConfusionMatrix", "label 3", "position 2", "3 classes", "255 is ignored"]),
        ["a negative label"] = (d => Add(d, [0, 1, 2], [0, -1, 2]), typeof(ShapeException), ["ConfusionMatrix", "label -1", "position 1"]),
        ["labels of another shape"] = (d => Add(d, [0, 1, 2], [0, 1]), typeof(ShapeException), ["ConfusionMatrix", "[3]", "[2]"]),
        ["a prediction that is no class"] = (d => Add(d, [0, 3], [0, 1]), typeof(ShapeException), ["ConfusionMatrix", "1 positions", "3 classes"]),
        ["scores of other classes"] = (d => Scores(d, 1, 4, 2), typeof(ShapeException), ["ConfusionMatrix", "axis 1", "[1, 4, 2]", "3 classes"]),
        ["no classes"] = (d => _ = new ConfusionMatrix(d, 0), typeof(ArgumentOutOfRangeException), ["classes"]),
        ["too many classes"] = (d => _ = new ConfusionMatrix(d, 5000), typeof(ArgumentOutOfRangeException), ["4096"]),
    };

    public static TheoryData<string> Refused => s_refused.Names;

    [Theory(Timeout = 60_000), MemberData(nameof(Refused))]
    public async Task Is_refused_with_a_message(string name)
    {
        await Task.Yield();
        s_refused.Check(name);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(1, 1)]
    [InlineData(2, 31)]
    [InlineData(21, 100_003)]
    [InlineData(11, 4096)]
    [InlineData(150, 70_000)]
    public async Task Counts_what_the_host_counts(int classes, int count)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Check(lease.Device, classes, count);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(nameof(ExecutionForm.Serial))]
    [InlineData(nameof(ExecutionForm.Group))]
    public async Task Counts_the_same_in_emulated_forms(string form)
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(Enum.Parse<ExecutionForm>(form));
        Check(lease.Device, 3, 200);
        Check(lease.Device, 2, 4100);   // two chunks
    }

    [Fact(Timeout = 60_000)]
    public async Task Predicts_the_class_of_the_largest_score()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        using var matrix = new ConfusionMatrix(lease.Device, 3);
        matrix.Add(lease.Device.Tensor([1, 5, 2, 4, 3, 0], (1, 3, 2)), lease.Device.Indices([2, 255], (1, 2)));   // classes of position 0: 1, 2, 3
        Assert.Equal(1, matrix.Counts.Total);
        Assert.Equal(1, matrix.Counts[2, 2]);
        matrix.Add(lease.Device.Tensor([1, 5, 2, 4, 3, 0], (2, 3)), lease.Device.Indices(0, 0), axis: -1);
        Assert.Equal((1, 1, 3), (matrix.Counts[0, 0], matrix.Counts[0, 1], matrix.Counts.Total));
        Assert.Equal("3 positions, 3 classes: mean IoU 0.5000, pixel accuracy 0.6667", matrix.Counts.ToString());
    }

    /// <summary>Adding a batch neither waits nor allocates device memory after the first one.</summary>
    [Fact(Timeout = 60_000)]
    public async Task The_second_batch_allocates_nothing()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var matrix = new ConfusionMatrix(lease.Device, 7);
        PoolStatistics? first = null;
        for (int i = 0; i < 3; i++)
        {
            using var scope = lease.Device.Scope();
            matrix.Add(lease.Device.Zeros(new Shape(2, 7, 30, 20)), lease.Device.Indices(new int[1200], (2, 30, 20)));
            first ??= lease.Device.Memory;
            Assert.Equal(first.Value.DeviceAllocations, lease.Device.Memory.DeviceAllocations);
        }
        Assert.Equal(3600, matrix.Counts[0, 0]);
        matrix.Clear();
        Assert.Equal(0, matrix.Counts.Total);
    }

    private static void Check(Device device, int classes, int count)
    {
        using var scope = device.Scope();
        using var matrix = new ConfusionMatrix(device, classes);
        var random = new Philox(3);
        long[] expected = new long[classes * classes];
        for (int batch = 0; batch < 2; batch++)
        {
            int[] labels = new int[count], predictions = new int[count];
            for (int i = 0; i < count; i++)
            {
                uint at = (uint)(batch * count + i);
                labels[i] = random.Uniform(3 * at) < 0.1f ? 255 : random.Below(3 * at + 1, classes);
                predictions[i] = random.Below(3 * at + 2, classes);
                if (labels[i] != 255) expected[labels[i] * classes + predictions[i]]++;
            }
            matrix.Add(device.Indices(predictions), device.Indices(labels));
            if (batch == 0) Assert.Equal(expected.Sum(), matrix.Counts.Total);   // reading in between changes nothing
        }
        for (int t = 0; t < classes; t++)
            for (int p = 0; p < classes; p++) Assert.Equal(expected[t * classes + p], matrix.Counts[t, p]);
    }

    private static void Add(Device device, int[] predictions, int[] labels)
    {
        using var matrix = new ConfusionMatrix(device, 3);
        matrix.Add(device.Indices(predictions), device.Indices(labels));
        _ = matrix.Counts;
    }

    private static void Scores(Device device, params int[] shape)
    {
        using var matrix = new ConfusionMatrix(device, 3);
        matrix.Add(device.Zeros(new Shape(shape)), device.Indices([0, 0], (1, 2)));
    }
}
