using GpuNets.Kernels;

namespace GpuNets.Tests.Recurrent;

/// <summary>
/// The host's form for whole sequences against steps launched one by one, on sizes with several register tiles, blocks of k and
/// threads; the op cases compare both with the reference on small sizes.
/// </summary>
public sealed class RecurrentFormTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(3, 29, 70, 1)]
    [InlineData(2, 13, 260, 2)]   // two blocks of k forward, five backward
    [InlineData(9, 1, 33, 2)]
    [InlineData(4, 40, 16, 1)]
    public void A_whole_sequence_equals_single_steps(int time, int batch, int units, int directions)
    {
        Compare<LstmUnits>(new(time, batch, units, directions), withLengths: false);
        Compare<GruUnits>(new(time, batch, units, directions), withLengths: false);
        Compare<LstmUnits>(new(time, batch, units, directions), withLengths: true);
        Compare<GruUnits>(new(time, batch, units, directions), withLengths: true);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(5, 31, 100)]
    [InlineData(30, 2, 64)]
    public void Bits_do_not_depend_on_the_number_of_threads(int time, int batch, int units)
    {
        var size = new RecurrentSize(time, batch, units, 2);
        using Device one = Open(1), three = Open(3);
        Assert.Equal(Run<LstmUnits>(one, size, true, stepwise: false), Run<LstmUnits>(three, size, true, stepwise: false));
        Assert.Equal(Run<GruUnits>(one, size, true, stepwise: false), Run<GruUnits>(three, size, true, stepwise: false));
    }

    /// <summary>
    /// The form of GPUs, a whole sequence per group, on few threads: several columns per thread, columns in several parts, one row and four,
    /// a last group with fewer.
    /// </summary>
    [Theory(Timeout = 300_000)]
    [InlineData(ExecutionForm.Group, 3, 6, 7, 2)]
    [InlineData(ExecutionForm.Group, 4, 1, 5, 1)]
    [InlineData(ExecutionForm.Group, 2, 5, 1, 1)]
    [InlineData(ExecutionForm.Group, 3, 1, 2, 1)]
    [InlineData(ExecutionForm.Warp, 2, 3, 3, 2)]
    [InlineData(ExecutionForm.Warp, 2, 2, 20, 1)]
    internal void A_sequence_in_a_group_equals_single_steps(ExecutionForm form, int time, int batch, int units, int directions)
    {
        var size = new RecurrentSize(time, batch, units, directions);
        using Device host = Open(1), device = Device.Open("cpu", new DeviceOptions { Form = form, PoisonFreed = true });
        long before = device.Launches;
        foreach (bool withLengths in new[] { false, true })
        {
            AssertClose(Run<LstmUnits>(host, size, withLengths, stepwise: true), Run<LstmUnits>(device, size, withLengths));
            AssertClose(Run<GruUnits>(host, size, withLengths, stepwise: true), Run<GruUnits>(device, size, withLengths));
        }
        Assert.Equal(8, device.Launches - before);
        AssertClose(Run<LstmUnits>(host, size, true, stepwise: true, withGradient: false), Run<LstmUnits>(device, size, true, withGradient: false));
    }

    /// <summary>227 KiB of shared memory, as on an H100, and groups of 32 threads.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(1, 112, true, true)]
    [InlineData(1, 120, false, true)]
    [InlineData(1, 119, true, true)]
    [InlineData(64, 119, false, true)]
    [InlineData(1, 137, false, true)]
    [InlineData(1, 144, false, false)]
    [InlineData(1, 100_000, false, false)]
    [InlineData(64, 112, true, true)]
    public void The_weight_must_fit_shared_memory(int batch, int units, bool lstm, bool gru)
    {
        using var device = Device.Open("cpu", new DeviceOptions { Form = ExecutionForm.Warp });
        var size = new RecurrentSize(5, batch, units, 1);
        Assert.Equal((lstm, gru), (TeamRecurrence.Takes<LstmUnits>(device, size), TeamRecurrence.Takes<GruUnits>(device, size)));
        using var host = Open(1);
        Assert.False(TeamRecurrence.Takes<GruUnits>(host, size));
    }

    [Fact(Timeout = 60_000)]
    public void Narrow_registers_give_the_same()
    {
        var size = new RecurrentSize(3, 11, 45, 2);
        using var device = Open(2);
        float[] expected = Run<LstmUnits>(device, size, true, stepwise: true), actual = Run<LstmUnits>(device, size, true, narrow: true);
        AssertClose(expected, actual);
    }

    private static Device Open(int threads) => Device.Open("cpu", new DeviceOptions { Threads = threads, PoisonFreed = true });

    private static void Compare<TCell>(RecurrentSize size, bool withLengths) where TCell : struct, IRecurrentCell
    {
        using var device = Open(2);
        AssertClose(Run<TCell>(device, size, withLengths, stepwise: true), Run<TCell>(device, size, withLengths, stepwise: false));
    }

    // Both sum in float, in different orders: a few units in the last place of the largest terms, which are of order one.
    private static void AssertClose(float[] expected, float[] actual)
    {
        float scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 4e-6f * scale, $"value {i}: {actual[i]:R}, expected {expected[i]:R} (largest {scale})");
    }

    /// <summary>Output, states, gradients of gates and of first states, forward and backward from random gradients.</summary>
    private static float[] Run<TCell>(Device device, RecurrentSize size, bool withLengths, bool stepwise = false, bool narrow = false, bool withGradient = true)
        where TCell : struct, IRecurrentCell
    {
        using var scope = device.Scope();
        var random = new Philox(7);
        int fork = 0;
        DeviceBuffer Random(int count, double deviation)
        {
            var numbers = random.Fork($"buffer {fork++}");
            return device.Tensor([.. Enumerable.Range(0, count).Select(i => (float)(deviation * numbers.Normal((uint)i)))], count).Buffer;
        }
        int rows = TCell.WeightBlocks * size.Units;
        var directions = Enumerable.Range(0, size.Directions).Select(d => new RecurrentDirection
        {
            Index = d,
            HiddenWeight = Random(rows * size.Units, 1 / Math.Sqrt(size.Units)),
            HiddenBias = Random(rows, 0.3),
            Gates = Random(size.Gates, 1),
            Hidden = Random(size.States, 0.5),
            Cell = TCell.HasCell ? Random(size.States, 0.5) : null,
        }).ToArray();
        var lengths = withLengths ? device.Indices([.. Enumerable.Range(0, size.Batch).Select(row => row * 7 % (size.Time + 1))]).Buffer : null;
        var output = Random(size.Time * size.Batch * size.OutputRow, 1);
        var gradient = withGradient ? Random(output.Length, 1) : null;
        var (dHidden, dCell) = (Random(size.Directions * size.State, 1), TCell.HasCell ? Random(size.Directions * size.State, 1) : null);

        if (narrow) HostRecurrence.Run<TCell, Tile256, Lane256>(device, size, directions, output, lengths, backward: false);
        else if (!stepwise) Recurrence.Forward<TCell>(size, directions, output, lengths);
        else foreach (var direction in directions) Recurrence.StepwiseForward<TCell>(size, direction, output, lengths);
        var results = new List<float>();
        void Take(DeviceBuffer? buffer)
        {
            if (buffer is null) return;
            var values = new float[buffer.Length];
            buffer.Read(values);
            results.AddRange(values);
        }
        Take(output);
        foreach (var direction in directions)
        {
            Take(direction.Hidden);
            Take(direction.Cell);
            (direction.HiddenGradient, direction.CellGradient) = (dHidden, dCell);
        }
        if (narrow) HostRecurrence.Run<TCell, Tile256, Lane256>(device, size, directions, gradient, lengths, backward: true);
        else if (!stepwise) Recurrence.Backward<TCell>(size, directions, gradient, lengths);
        else foreach (var direction in directions) Recurrence.StepwiseBackward<TCell>(size, direction, gradient, lengths);
        foreach (var direction in directions) Take(direction.Gates);
        Take(dHidden);
        Take(dCell);
        return [.. results];
    }
}
