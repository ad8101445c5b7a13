using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

/// <summary>CUDA threads that take four neighbouring elements give what single lanes give: emulated, over all remainders and offsets.</summary>
public sealed class FoursTests
{
    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(31)]
    [InlineData(127)]
    [InlineData(130)]
    public async Task Elements_equal_those_of_the_host(int count)
    {
        await Task.Yield();
        using var host = TestDevices.Emulated(ExecutionForm.Host);
        using var warps = TestDevices.Emulated(ExecutionForm.Warp);
        foreach (int offset in new[] { 0, 1, 2, 3 })
        {
            float[] expected = Elements(host.Device, count, offset), actual = Elements(warps.Device, count, offset);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Same(expected[i], actual[i]), $"offset {offset}, value {i}: {actual[i]:R}, host {expected[i]:R}");
        }
    }

    [Theory(Timeout = 300_000)]
    [InlineData(2, 4)]
    [InlineData(2, 36)]
    [InlineData(2, 132)]
    [InlineData(1, 2052)]   // longer than a warp takes: a group
    public async Task Rows_equal_those_of_the_host(int rows, int columns)
    {
        await Task.Yield();
        using var host = TestDevices.Emulated(ExecutionForm.Host);
        using var warps = TestDevices.Emulated(ExecutionForm.Warp);
        float[] expected = Rows(host.Device, rows, columns), actual = Rows(warps.Device, rows, columns);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 2e-6f * MathF.Max(1, MathF.Abs(expected[i])));
    }

    [Theory(Timeout = 300_000)]
    [InlineData(8)]
    [InlineData(132)]
    public async Task Steps_of_a_recurrence_equal_those_of_the_host(int units)
    {
        await Task.Yield();
        using var host = TestDevices.Emulated(ExecutionForm.Host);
        using var warps = TestDevices.Emulated(ExecutionForm.Warp);
        float[] expected = Step(host.Device, units), actual = Step(warps.Device, units);
        for (int i = 0; i < expected.Length; i++) Assert.True(Same(expected[i], actual[i]), $"value {i}: {actual[i]:R}, host {expected[i]:R}");
    }

    [Fact]
    public void Four_random_numbers_are_those_of_single_lanes()
    {
        for (int index = 0; index < 9; index++)
        {
            var four = LaneQuad.Uniform(7, 8, 9, index).Value;
            Assert.Equal(
                [.. Enumerable.Range(index, 4).Select(i => Scalar.Uniform(7, 8, 9, i).Value)], new[] { four.X, four.Y, four.Z, four.W });
        }
    }

    [Fact]
    public void Reductions_of_four_lanes_find_each()
    {
        for (int lane = 0; lane < 4; lane++)
        {
            float[] values = [1f, 2f, 3f, 4f];
            values[lane] = 100f;
            Assert.Equal(100f, Max(values));
            values[lane] = float.NaN;
            Assert.Equal(float.NaN, Max(values));
        }
        Assert.Equal(10f, LaneQuad.Sum(Quad([1f, 2f, 3f, 4f])));
    }

    private static float Max(float[] values) => LaneQuad.Max(Quad(values));

    private static LaneQuad Quad(float[] v) => new() { Value = new Float4 { X = v[0], Y = v[1], Z = v[2], W = v[3] } };

    /// <summary>Functions with special values, random numbers, sums in place, windows at an offset.</summary>
    private static float[] Elements(Device device, int count, int offset)
    {
        DeviceBuffer x = device.Allocate(count + offset), y = device.Allocate(count + offset);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1e-40f, 100f, -100f];
        float[] values = [.. Enumerable.Range(0, count + offset).Select(i => i % 3 == 0 ? special[i / 3 % special.Length] : MathF.Sin(i) * 5)];
        var results = new List<float>();
        void Run(Action<DeviceBuffer, DeviceBuffer> run)
        {
            x.Write(values);
            Fill.Launch(y, 0.5f);
            run(x.Slice(offset, count), y.Slice(offset, count));
            var result = new float[count + offset];
            y.Read(result);
            results.AddRange(result);
        }
        Run(Elementwise.Forward<Exp>);
        Run(Elementwise.Forward<Gelu>);
        Run(Elementwise.Forward<Relu>);
        Run(AddInPlace.Launch);
        Run((from, to) => Kernels.Dropout.Launch(from, to, new Philox(5, 2), 0.3f));
        Run((from, to) => RandomUniform.Launch(to, new Philox(6), -1f, 1f));
        Run((from, to) => Binary.Forward<Maximum>(new Broadcast("test", count, count), from, to, to));
        x.Free();
        y.Free();
        return [.. results];
    }

    private static float[] Rows(Device device, int rows, int columns)
    {
        int count = rows * columns;
        DeviceBuffer x = device.Allocate(count), y = device.Allocate(count), mean = device.Allocate(rows), inverse = device.Allocate(rows);
        x.Write([.. Enumerable.Range(0, count).Select(i => MathF.Sin(i) * 3)]);
        var results = new List<float>();
        void Take(DeviceBuffer buffer, int length)
        {
            var values = new float[length];
            buffer.Read(values);
            results.AddRange(values);
        }
        device.ForRows(new SoftmaxForward { X = x.Floats, Y = y.Floats, Columns = columns }, rows, columns);
        Take(y, count);
        Kernels.LayerNorm.Forward(x, null, null, y, mean, inverse, columns, 1e-5f, rectify: false);
        Take(y, count);
        var axes = new ReduceAxes();
        axes.Add(rows, reduced: false);
        axes.Add(columns, reduced: true);
        Reduction.Run<MaxOf>(x, mean, axes);
        Take(mean, rows);
        foreach (var buffer in new[] { x, y, mean, inverse }) buffer.Free();
        return [.. results];
    }

    private static float[] Step(Device device, int units)
    {
        const int batch = 2;
        var size = new RecurrentSize(1, batch, units, 1);
        DeviceBuffer Wave(int count, float scale)
        {
            var buffer = device.Allocate(count);
            buffer.Write([.. Enumerable.Range(0, count).Select(i => MathF.Sin(i) * scale)]);
            return buffer;
        }
        DeviceBuffer gates = Wave(size.StepGates, 2), hidden = Wave(size.State, 0.5f), cell = Wave(size.State, 0.7f);
        DeviceBuffer next = device.Allocate(size.State), nextCell = device.Allocate(size.State), output = device.Allocate(size.State);
        Recurrence.StepForward(
            size, new RecurrentForward<LstmUnits>
            {
                Gates = gates.Floats,
                HiddenBefore = hidden.Floats,
                CellBefore = cell.Floats,
                Hidden = next.Floats,
                Cell = nextCell.Floats,
                Output = output.Floats,
                Lengths = gates.Ints,
                Step = Recurrence.Step(size, 0, null),
            }, device);
        var results = new List<float>();
        foreach (var buffer in new[] { gates, next, nextCell, output })
        {
            var values = new float[buffer.Length];
            buffer.Read(values);
            results.AddRange(values);
        }
        foreach (var buffer in new[] { gates, hidden, cell, next, nextCell, output }) buffer.Free();
        return [.. results];
    }

    private static bool Same(float a, float b) => a.Equals(b);
}
