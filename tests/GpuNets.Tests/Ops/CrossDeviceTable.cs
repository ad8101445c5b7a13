using System.Globalization;

namespace GpuNets.Tests.Ops;

/// <summary>
/// Writes how far the devices of this machine lie apart, for every case of every op: output and gradients of each device against those of
/// the CPU device, from the same inputs. Not part of a usual run; <c>benchmarks/results/README.md</c> has the command. The file is named
/// by the variable GPUNETS_TABLE.
/// </summary>
public sealed class CrossDeviceTable
{
    [Fact(Timeout = 3_600_000, Explicit = true)]
    public async Task Largest_difference_of_each_op_on_each_device()
    {
        await Task.Yield();
        string file = Environment.GetEnvironmentVariable("GPUNETS_TABLE") ?? throw new InvalidOperationException("GPUNETS_TABLE names no file.");
        DeviceInfo[] others = [.. Device.List().Where(info => info.IsUsable && info.Kind != DeviceKind.Cpu)];
        using var cpu = Device.Open("cpu");
        var rows = OpCatalogue.All.OrderBy(opCase => opCase.Name, StringComparer.Ordinal).Select(opCase => new Row(opCase.Name, [])).ToArray();
        foreach (var info in others)
        {
            using var device = Device.Open(info.Id);
            foreach (var row in rows) row.Differences.Add(Difference(OpCatalogue.Get(row.Case), cpu, device));
        }
        Write(file, others, rows);
        Assert.All(rows, row => Assert.All(row.Differences, difference => Assert.True(double.IsFinite(difference), $"{row.Case} differs by {difference}")));
    }

    private sealed record Row(string Case, List<double> Differences);

    /// <summary>
    /// The largest difference of an element, relative to the larger of the CPU device's element and the root mean square of its array.
    /// </summary>
    private static double Difference(OpCase opCase, Device cpu, Device device)
    {
        var reference = new OpReference(opCase, new Philox(3).Fork(opCase.Name));
        List<float[]> expected = OpRun.All(cpu, opCase, reference), actual = OpRun.All(device, opCase, reference);
        return expected.Zip(actual, Difference).Max();
    }

    private static double Difference(float[] expected, float[] actual)
    {
        double scale = Math.Sqrt(expected.Sum(x => (double)x * x) / Math.Max(1, expected.Length)), largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(actual[i])) continue;   // also infinities and NaN, which have no difference
            double difference = Math.Abs((double)actual[i] - expected[i]) / Math.Max(scale, Math.Abs(expected[i]));
            largest = difference <= largest ? largest : difference;
        }
        return largest;
    }

    private static void Write(string file, DeviceInfo[] devices, Row[] rows)
    {
        using var text = new StreamWriter(file);
        text.WriteLine("# How far devices lie apart");
        text.WriteLine();
        text.WriteLine("Largest difference of an element of an op's output or gradients from the CPU device's, relative to the larger of that element and the");
        text.WriteLine($"root mean square of its array. {rows.Length} cases; 6E-8 is half a unit in the last place. Written by `CrossDeviceTable` of the tests.");
        text.WriteLine();
        foreach (var info in devices) text.WriteLine($"- {info.Id}: {info.Name}");
        text.WriteLine();
        text.WriteLine($"| case | {string.Join(" | ", devices.Select(info => info.Id))} |");
        text.WriteLine($"| --- |{string.Concat(devices.Select(_ => " ---: |"))}");
        foreach (var row in rows)
            text.WriteLine($"| {row.Case} | {string.Join(" | ", row.Differences.Select(difference => difference.ToString("0.0E+0", CultureInfo.InvariantCulture)))} |");
    }
}
