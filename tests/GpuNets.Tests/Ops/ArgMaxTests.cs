using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>The first of the largest values along any axis: ties, NaN, infinities, every form.</summary>
public sealed class ArgMaxTests
{
    private const float NaN = float.NaN, Inf = float.PositiveInfinity;

    public static TheoryData<float[]> Rows => new()
    {
        new float[] { 3 },
        new float[] { 1, 1, 1, 1, 1 },
        new float[] { 2, 1, 2, 1, 2, 1 },
        new float[] { 1, NaN, 3, NaN },
        new float[] { NaN, NaN },
        new float[] { Inf, NaN, Inf },
        new float[] { -Inf, -Inf, -Inf },
        new float[] { -Inf, float.MinValue },
        new float[] { -0f, 0f },
        new float[] { 0, 1e-45f, -1 },
        Enumerable.Range(0, 40).Select(i => i == 37 ? 5f : i % 3).ToArray(),
        Enumerable.Range(0, 40).Select(i => i >= 18 ? 5f : i % 3).ToArray(),
        Enumerable.Range(0, 40).Select(i => i >= 21 ? NaN : 7f).ToArray(),
    };

    [Theory(Timeout = 60_000), MemberData(nameof(Rows))]
    public async Task Takes_the_first_of_the_largest(float[] row)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var serial = TestDevices.Emulated(ExecutionForm.Serial);
        using var group = TestDevices.Emulated(ExecutionForm.Group);
        foreach (var device in new[] { lease.Device, serial.Device, group.Device })
        {
            using var scope = device.Scope();
            int expected = First(row);
            Assert.Equal([expected], device.Tensor(row, (1, row.Length)).ArgMax().ToArray());
            Assert.Equal(Enumerable.Repeat(expected, 5), Columns(device, row, 5).ArgMax(0).ToArray());
            Assert.Equal(Enumerable.Repeat(expected, 33), Columns(device, row, 33).ArgMax(0).ToArray());
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 1023, 7, 31)]
    [InlineData(1, 5, 21, 1027)]
    [InlineData(2, 3, 8, 4096)]
    [InlineData(-1, 3, 700, 33)]
    [InlineData(1, 1, 21, 43200)]
    public async Task Equals_a_search_along_any_axis(int axis, params int[] sizes)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var shape = new Shape(sizes);
        var random = new Philox(2);
        float[] values = [.. Enumerable.Range(0, shape.Count).Select(i => MathF.Round((float)random.Normal((uint)i) * 20))];
        var x = lease.Device.Tensor(values, shape);
        int at = shape.Axis(axis, "test"), inner = shape.Product(at + 1, 3);
        int[] expected = [.. Enumerable.Range(0, shape.Count / shape[at]).Select(r =>
            First([.. Enumerable.Range(0, shape[at]).Select(k => values[(r / inner * shape[at] + k) * inner + r % inner])]))];
        Assert.Equal(expected, x.ArgMax(axis).ToArray());
        Assert.Equal(shape.With(at, 1), x.ArgMax(axis, keepDims: true).Shape);
    }

    [Fact(Timeout = 60_000)]
    public async Task Indices_pick_the_maxima()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor([3, 1, 4, 1, 5, 9, 2, 6], (2, 4));
        Assert.Equal([4f, 9], x.Gather(1, x.ArgMax(1, keepDims: true)).ToArray());
        Assert.Empty(lease.Device.Tensor([], (0, 4)).ArgMax().ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Axes_without_values_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        Assert.Equal("ArgMax: axis 1 of [2, 0] is empty: there is no largest value.", Assert.Throws<ShapeException>(() => lease.Device.Tensor([], (2, 0)).ArgMax()).Message);
        Assert.Equal("ArgMax: axis 2 does not exist in [1, 2].", Assert.Throws<ShapeException>(() => lease.Device.Tensor([1, 2], (1, 2)).ArgMax(2)).Message);
    }

    private static Tensor Columns(Device device, float[] row, int count) =>
        device.Tensor([.. row.SelectMany(value => Enumerable.Repeat(value, count))], (row.Length, count));

    private static int First(float[] row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
            if (!float.IsNaN(row[best]) && (float.IsNaN(row[i]) || row[i] > row[best])) best = i;
        return best;
    }
}
