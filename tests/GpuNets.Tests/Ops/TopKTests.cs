using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>Ties, NaN, infinities and zeros of both signs, long rows, and what is refused.</summary>
public sealed class TopKTests
{
    private const float NaN = float.NaN, Inf = float.PositiveInfinity;

    public static TheoryData<float[], int> Rows => new()
    {
        { [1, 1, 1, 1, 1], 3 },
        { [2, 1, 2, 1, 2, 1], 4 },
        { [NaN, 1, NaN, 3], 1 },
        { [NaN, 1, NaN, 3], 3 },
        { [NaN, NaN], 2 },
        { [Inf, -Inf, 0, Inf, NaN], 5 },
        { [-Inf, -Inf, -Inf], 2 },
        { [0f, -0f, 0f, -0f, -1], 3 },
        { [1e-45f, -1e-45f, 0, 3e-45f], 4 },
        { [float.MaxValue, float.MinValue, 1, -1], 2 },
    };

    [Theory(Timeout = 60_000), MemberData(nameof(Rows))]
    public async Task Equals_a_stable_sort(float[] row, int k)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Check(lease.Device, row, 1, k);
        using var serial = TestDevices.Emulated(ExecutionForm.Serial);
        Check(serial.Device, row, 1, k);
        using var group = TestDevices.Emulated(ExecutionForm.Group);
        Check(group.Device, row, 1, k);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(3, 300_000, 20)]
    [InlineData(2, 5_000, 4_999)]
    [InlineData(1, 3_000, 3_000)]
    public async Task Long_rows_with_many_ties(int rows, int columns, int k)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var random = new Philox(1);
        Check(lease.Device, [.. Enumerable.Range(0, rows * columns).Select(i => MathF.Round((float)random.Normal((uint)i) * 50))], rows, k);
    }

    /// <summary>Few NaN and many, ascending and descending rows, and rows of almost nothing but infinities: whatever bar a selection sets first.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(5, 0.001)]
    [InlineData(40, 0.1)]
    [InlineData(7, 0.999)]
    public async Task Long_rows_with_NaN(int k, double share)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        const int columns = 5_037;
        var random = new Philox(2);
        float Mixed(int i, float other) => random.Uniform((uint)i) < share ? other : MathF.Round((float)random.Normal((uint)(i + columns)) * 50);
        Check(lease.Device, [.. Enumerable.Range(0, columns).Select(i => Mixed(i, NaN))], 1, k);
        Check(lease.Device, [.. Enumerable.Range(0, columns).Select(i => Mixed(i, i % 2 == 0 ? Inf : -Inf))], 1, k);
        Check(lease.Device, [.. Enumerable.Range(0, columns).Select(i => Mixed(i, i / 3))], 1, k);
        Check(lease.Device, [.. Enumerable.Range(0, columns).Select(i => Mixed(i, -i / 3))], 1, k);
    }

    [Fact(Timeout = 60_000)]
    public async Task More_values_than_there_are_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor([1, 2, 3, 4], (2, 2));
        Assert.Equal("TopK: k = 3 values cannot be taken from the 2 of the last axis of [2, 2].", Assert.Throws<ShapeException>(() => x.TopK(3)).Message);
        Assert.Equal("TopK: k = -1 values cannot be taken from the 2 of the last axis of [2, 2].", Assert.Throws<ShapeException>(() => x.TopK(-1)).Message);
        Assert.Equal("TopK: expected a tensor with at least one axis, got [].", Assert.Throws<ShapeException>(() => lease.Device.Tensor([1f], []).TopK(1)).Message);
    }

    /// <summary>Indices that a device computed pick rows, whose gradients find their way back.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Indices_can_be_used_at_once()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var (values, indices) = lease.Device.Tensor([3, 1, 4, 1, 5], 5).TopK(3);
        Assert.Equal([5f, 4, 3], values.ToArray());
        Assert.Equal([1f, 0, 1, 0, 1], values.Shape.Count == 3 ? lease.Device.Tensor([1, 1, 1], 3).ScatterAdd(indices, 5).ToArray() : []);
    }

    private static void Check(Device device, float[] x, int rows, int k)
    {
        using var scope = device.Scope();
        int columns = x.Length / rows;
        foreach (bool largest in new[] { true, false })
        {
            var (values, indices) = device.Tensor(x, (rows, columns)).TopK(k, largest);
            float[] actual = values.ToArray();
            int[] at = indices.ToArray();
            for (int row = 0; row < rows; row++)
            {
                // LINQ's sort is stable; NaN is the largest in a descending order and the last in an ascending one.
                var keyed = Enumerable.Range(0, columns).Select(c => (Index: c, Value: x[row * columns + c]));
                int[] expected = [.. (largest
                    ? keyed.OrderByDescending(e => float.IsNaN(e.Value)).ThenByDescending(e => float.IsNaN(e.Value) ? 0 : e.Value + 0f)
                    : keyed.OrderBy(e => float.IsNaN(e.Value)).ThenBy(e => float.IsNaN(e.Value) ? 0 : e.Value + 0f)).Take(k).Select(e => e.Index)];
                Assert.Equal(expected, at[(row * k)..((row + 1) * k)]);
                Assert.Equal(expected.Select(c => x[row * columns + c]), actual[(row * k)..((row + 1) * k)]);
            }
        }
    }
}
