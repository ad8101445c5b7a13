using GpuNets.Kernels;

namespace GpuNets.Tests.Segments;

/// <summary>What the op cases do not show: sorting on devices, ties and NaN of maxima, millions of edges, the atomic kernel.</summary>
public sealed class SegmentTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(0, 3)]
    [InlineData(1, 1)]
    [InlineData(31, 7)]
    [InlineData(1000, 300)]       // two digits
    [InlineData(20011, 5)]
    [InlineData(70001, 70000)]    // three digits, many chunks
    public async Task Sorting_on_a_device_equals_sorting_on_the_host(int rows, int count)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        CheckSort(lease.Device, rows, count);
        if (rows > 1000) return;
        using var serial = TestDevices.Emulated(ExecutionForm.Serial);
        CheckSort(serial.Device, rows, count);
    }

    [Fact(Timeout = 60_000)]
    public async Task The_first_of_equal_maxima_takes_the_gradient_and_NaN_wins()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var segments = lease.Device.Segments(lease.Device.Indices(1, 1, 1, 0, 0, 2), 4);
        var x = tape.Watch(lease.Device.Tensor([-3, 5, 5, float.NaN, 7, float.NegativeInfinity], 6));
        var y = x.SegmentMax(segments);
        Assert.Equal([float.NaN, 5, float.NegativeInfinity, 0], y.ToArray());
        tape.Backward(y, lease.Device.Tensor([1, 2, 3, 4], 4));
        Assert.Equal([0, 2, 0, 1, 0, 3], tape.Gradient(x)!.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Ten_thousand_nodes_with_two_million_edges()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        const int nodes = 10_000, edges = 2_000_000, columns = 8;
        var random = new Random(1);
        int[] sources = new int[edges], targets = new int[edges], degrees = new int[nodes];
        for (int e = 0; e < edges; e++)
        {
            (sources[e], targets[e]) = (random.Next(nodes), random.Next(nodes / 2) * 2);   // odd nodes get no message
            degrees[targets[e]]++;
        }
        using var tape = lease.Device.Record();
        var graph = lease.Device.Graphs(new EdgeList(nodes, sources, targets));
        float[] values = new float[nodes * columns], expected = new float[nodes * columns], gradient = new float[nodes * columns];
        for (int i = 0; i < values.Length; i++) values[i] = random.Next(64);   // sums of small integers are exact in any order
        for (int e = 0; e < edges; e++)
            for (int c = 0; c < columns; c++)
            {
                expected[targets[e] * columns + c] += values[sources[e] * columns + c];
                gradient[sources[e] * columns + c] += c;
            }
        var x = tape.Watch(lease.Device.Tensor(values, (nodes, columns)));
        var y = x.Propagate(graph);
        Assert.Equal(expected, y.ToArray());
        tape.Backward(y, lease.Device.Tensor([.. Enumerable.Range(0, nodes * columns).Select(i => (float)(i % columns))], (nodes, columns)));
        Assert.Equal(gradient, tape.Gradient(x)!.ToArray());
        Assert.Equal(degrees.Select(degree => (float)degree), lease.Device.Tensor([.. Enumerable.Repeat(1f, edges)], edges).SegmentSum(graph.EdgesByTarget).ToArray());
    }

    /// <summary>The kernel of the atomic form adds right in every emulated form; the option itself needs a CUDA device.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Atomic_sums_are_sums()
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(ExecutionForm.Group);
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor([1, 2, 3, 4, 5, 6], (3, 2));
        var y = lease.Device.Tensor(new float[8], (4, 2));
        ScatterAddOp.Atomic(x.Buffer, lease.Device.Indices(2, 0, 2).Buffer, y.Buffer, 2);
        Assert.Equal([3, 4, 0, 0, 6, 8, 0, 0], y.ToArray());
    }

    private static void CheckSort(Device device, int rows, int count)
    {
        using var scope = device.Scope();
        int[] ids = [.. Enumerable.Range(0, rows).Select(i => (int)(i * 7919L % 104729 % count))];
        DeviceBuffer starts = device.AllocateTemporary(count + 1, "starts"), order = device.AllocateTemporary(rows, "order");
        SegmentSort.OnDevice(device.Indices(ids).Buffer, count, starts, order);
        var (expectedStarts, expectedOrder) = SegmentOrder.Of(ids, count);
        int[] actualStarts = new int[count + 1], actualOrder = new int[rows];
        starts.Read(actualStarts);
        order.Read(actualOrder);
        Assert.Equal(expectedStarts, actualStarts);
        Assert.Equal(expectedOrder, actualOrder);
    }
}
