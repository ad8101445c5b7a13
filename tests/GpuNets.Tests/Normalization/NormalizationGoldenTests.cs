using System.Reflection;
using GpuNets.Reference;

namespace GpuNets.Tests.Normalization;

/// <summary>Values and gradients of PyTorch. The file comes from benchmarks/Peers/Golden/NormalizationGolden.cs.</summary>
public sealed class NormalizationGoldenTests
{
    private static readonly Dictionary<string, Func<Tensor[], Tensor>> s_cases = new()
    {
        ["batch_norm_vectors"] = x => x[0].BatchNorm(x[1], x[2]),
        ["group_norm"] = x => x[0].GroupNorm(3, x[1], x[2]),
        ["layer_norm"] = x => x[0].LayerNorm(33, x[1], x[2]),
        ["max_pool"] = x => x[0].MaxPool2d(3, 2, 1),
        ["max_pool_ceil"] = x => x[0].MaxPool2d(3, 2, 1, ceil: true),
        ["average_pool"] = x => x[0].AveragePool2d(3, 2, 1),
        ["average_pool_ceil"] = x => x[0].AveragePool2d(3, 2, 1, ceil: true, countIncludePad: false),
        ["adaptive_average_pool"] = x => x[0].AdaptiveAveragePool(3, 4),
        ["resize_nearest"] = x => x[0].Resize([7, 11], ResizeMode.Nearest),
        ["resize_linear"] = x => x[0].Resize([7, 11]),
        ["resize_corners"] = x => x[0].Resize([7, 11], alignCorners: true),
        ["pad_reflect"] = x => x[0].Pad([(0, 0), (0, 0), (1, 2), (3, 2)], PadMode.Reflect),
        ["pad_replicate"] = x => x[0].Pad([(0, 0), (0, 0), (1, 2), (3, 2)], PadMode.Replicate),
        ["pad_circular"] = x => x[0].Pad([(0, 0), (0, 0), (1, 2), (3, 2)], PadMode.Circular),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Values_and_gradients_equal_PyTorch(string name)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Check(lease.Device, Load(), name, s_cases[name]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Batch_norm_and_its_running_statistics_equal_PyTorch()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var golden = Load();
        var vars = new Vars(lease.Device);
        StateBuffer mean = vars.Buffer("running_mean", 6, Init.Zeros), variance = vars.Buffer("running_var", 6, Init.Ones);
        Check(lease.Device, golden, "batch_norm", x => x[0].BatchNorm(x[1], x[2], running: new RunningStatistics(mean, variance, 0.1f)));
        AssertEqual(golden, "batch_norm.running_mean", mean);
        AssertEqual(golden, "batch_norm.running_var", variance);
        mean.Buffer.Free();
        variance.Buffer.Free();
    }

    private static void Check(Device device, StateDict golden, string name, Func<Tensor[], Tensor> function)
    {
        Tensor Read(string part) => device.Tensor(golden[$"{name}.{part}"].ToFloats(), new Shape([.. golden[$"{name}.{part}"].Shape.Select(size => (int)size)]));
        using var tape = device.Record();
        Tensor[] inputs = [.. Enumerable.Range(0, 3).TakeWhile(n => golden.TryGet($"{name}.input{n}", out _)).Select(n => tape.Watch(Read($"input{n}")))];
        var output = function(inputs);
        AssertEqual(golden, $"{name}.output", output);
        tape.Backward(output, Read("output.gradient"));
        for (int n = 0; n < inputs.Length; n++) AssertEqual(golden, $"{name}.input{n}.gradient", tape.Gradient(inputs[n])!);
    }

    private static void AssertEqual(StateDict golden, string name, Tensor actual)
    {
        Assert.Equal(golden[name].Shape, actual.Shape.Select(size => (long)size));
        double[] expected = [.. golden[name].ToFloats().Select(value => (double)value)];
        double error = Tolerance.NormwiseError(actual.ToArray(), expected);
        Assert.True(error <= 1e-5, $"{name} differs by {error:G3} of its largest element");
    }

    private static StateDict Load()
    {
        string name = $"{typeof(NormalizationGoldenTests).Namespace}.Golden.normalization.safetensors";
        using var folder = new TempFolder();
        string path = folder.File("golden.safetensors");
        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)
        using (var file = File.Create(path)) resource.CopyTo(file);
        return StateDict.Load(path);
    }
}
