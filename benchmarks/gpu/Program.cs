using System.Diagnostics;
using System.Text.Json;
using GpuNets;
using GpuNets.GpuBenchmarks;

// Prints one JSON object per case: the median time of a run between two synchronisations of the device, and values to compare.
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at && at + 1 < args.Length ? args[at + 1] : otherwise;
bool tiny = args.Contains("--tiny");
string[] only = Option("--only", "").Split(',');
const int Batches = 7;
const double BatchMilliseconds = 60;

var device = Device.Open(Option("--device", "auto"));
Console.WriteLine(JsonSerializer.Serialize(new { device = device.ToString(), version = typeof(Device).Assembly.GetName().Version!.ToString(3) }));
foreach (var one in BenchmarkCase.Read(Path.Combine(AppContext.BaseDirectory, "cases.json")).Where(one => only.Any(name => one.Name.Contains(name, StringComparison.Ordinal))))
{
    object line;
    try
    {
        if (one.Unit is not null) Reopen();
        line = Measure(one);
    }
    catch (GpuNetsException error)
    {
        line = new { name = one.Name, error = error.Message };
    }
    Console.WriteLine(JsonSerializer.Serialize(line));
}
device.Dispose();

// Peak memory is that of a device's life: a case that reports it begins one.
void Reopen()
{
    device.Dispose();
    device = Device.Open(Option("--device", "auto"));
}

object Measure(BenchmarkCase one)
{
    using var precision = device.With(one.Precision);
    using var scope = device.Scope();
    using var work = new WorkFactory(device, tiny ? one.Tiny : one.Sizes).Make(one.Kind);
    Action run = one.Mode == "train" ? work.Train : work.Forward;
    for (int i = 0; i < 3; i++) run();
    float[] probe = work.Probe();
    double single = Time(run, 1);
    int runs = tiny ? 1 : (int)Math.Clamp(BatchMilliseconds / single, 1, 10_000);
    double[] times = [.. Enumerable.Range(0, Batches).Select(_ => Time(run, runs)).Order()];
    return new { name = one.Name, ms = times[Batches / 2], low = times[1], high = times[^2], runs, probe, peak = device.Memory.PeakBytes };
}

double Time(Action run, int runs)
{
    device.Synchronize();
    long start = Stopwatch.GetTimestamp();
    for (int i = 0; i < runs; i++) run();
    device.Synchronize();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs;
}
