using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class MetricsLogTests
{
    private static MetricsLine Line(long step, double loss = 1.5) =>
        new(step, loss, new Dictionary<string, double> { ["bitErrors"] = step / 3.0 }, 12.5, step * 0.1);

    private static void Write(string path, long keepThrough, params long[] steps)
    {
        using var log = new MetricsLog(path, keepThrough);
        foreach (long step in steps) log.Write(Line(step));
    }

    [Fact(Timeout = 10_000)]
    public async Task Written_and_read_is_equal_also_what_is_no_finite_number()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        using (var log = new MetricsLog(folder.File("m")))
        {
            log.Write(Line(1, double.NaN));
            log.Write(Line(2, double.PositiveInfinity));
            // Each line is on its way to the disk before the log is closed.
            Assert.Equal(2, File.ReadAllLines(folder.File("m")).Length);
        }
        var lines = MetricsLog.Read(folder.File("m"));
        Assert.Equal([double.NaN, double.PositiveInfinity], lines.Select(l => l.Loss));
        Assert.Equal(1 / 3.0, lines[0].Metrics["bitErrors"]);
        Assert.Equal(0.2, lines[1].Seconds);
        Assert.StartsWith("{\"step\":1,\"loss\":\"NaN\",\"metrics\":{\"bitErrors\":", File.ReadAllText(folder.File("m")), StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_torn_last_line_is_passed_over_and_cut_off_before_appending()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("m");
        Write(path, 0, 1, 2, 3);
        byte[] whole = File.ReadAllBytes(path);
        int lastLine = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (int length = lastLine; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Equal([1, 2], MetricsLog.Read(path).Select(l => l.Step));
            Write(path, long.MaxValue, 9);
            Assert.Equal([1, 2, 9], MetricsLog.Read(path).Select(l => l.Step));
        }
    }

    [Fact(Timeout = 10_000)]
    public async Task Lines_beyond_the_step_of_a_resume_are_dropped()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        Write(folder.File("m"), 0, 10, 20, 30);
        Write(folder.File("m"), 20, 25);
        Assert.Equal([10, 20, 25], MetricsLog.Read(folder.File("m")).Select(l => l.Step));
    }

    [Fact(Timeout = 10_000)]
    public async Task A_damaged_line_in_the_middle_is_an_error_that_names_it()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        Write(folder.File("m"), 0, 1);
        File.AppendAllText(folder.File("m"), "{\"step\":}\n");
        Write(folder.File("n"), 0, 3);
        File.AppendAllText(folder.File("m"), File.ReadAllText(folder.File("n")));
        Assert.Contains("line 2", Assert.Throws<DataFileException>(() => MetricsLog.Read(folder.File("m"))).Message, StringComparison.Ordinal);
    }
}
