using System.Reflection;
using GpuNets.Reference;

namespace GpuNets.Tests.Convolutions;

/// <summary>Values and gradients of PyTorch's convolutions. The files come from benchmarks/Peers/Golden/ConvGolden.cs.</summary>
public sealed class ConvGoldenTests
{
    private const double Tolerated = 1e-5;

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> s_cases = new()
    {
        ["conv1d"] = (x, w, b) => x.Conv1d(w, b, padding: 1),
        ["conv1d-dilated-groups"] = (x, w, b) => x.Conv1d(w, b, stride: 2, padding: 5, dilation: 3, groups: 2),
        ["conv2d"] = (x, w, b) => x.Conv2d(w, b, padding: 1),
        ["conv2d-stride"] = (x, w, b) => x.Conv2d(w, b, stride: (2, 3), padding: (2, 1)),
        ["conv2d-dilation"] = (x, w, b) => x.Conv2d(w, b, padding: (4, 2), dilation: (4, 2)),
        ["conv2d-groups"] = (x, w, b) => x.Conv2d(w, b, padding: 1, groups: 3),
        ["conv2d-depthwise"] = (x, w, b) => x.Conv2d(w, b, stride: 2, padding: 1, groups: 6),
        ["conv-transpose1d"] = (x, w, b) => x.ConvTranspose1d(w, b, stride: 3, padding: 1, outputPadding: 2),
        ["conv-transpose2d"] = (x, w, b) => x.ConvTranspose2d(w, b, stride: 2, padding: 1, outputPadding: 1),
        ["conv-transpose2d-groups"] = (x, w, b) =>
            x.ConvTranspose2d(w, b, stride: (2, 3), padding: (1, 0), outputPadding: 1, dilation: (2, 1), groups: 2),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Values_and_gradients_equal_PyTorch(string name)
    {
        await Task.Yield();
        var golden = Load(name);
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        Tensor Read(string key) => device.Tensor(golden[key].ToFloats(), new Shape([.. golden[key].Shape.Select(size => (int)size)]));
        using var tape = device.Record();
        Tensor x = tape.Watch(Read("input")), w = tape.Watch(Read("weight")), b = tape.Watch(Read("bias"));
        var y = s_cases[name](x, w, b);
        tape.Backward(y, Read("output.weight"));
        foreach (var (key, actual) in new[]
            { ("output", y), ("input.gradient", tape.Gradient(x)!), ("weight.gradient", tape.Gradient(w)!), ("bias.gradient", tape.Gradient(b)!) })
        {
            Assert.Equal(golden[key].Shape.Select(size => (int)size), actual.Shape);
            double[] expected = [.. golden[key].ToFloats().Select(value => (double)value)];
            double error = Tolerance.NormwiseError(actual.ToArray(), expected);
            Assert.True(error <= Tolerated, $"{name}: {key} differs by {error:G3}, relative to its largest element");
        }
    }

    private static StateDict Load(string name)
    {
        using var folder = new TempFolder();
        string path = folder.File("golden.safetensors");
        using (var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("GpuNets.Tests.Convolution.Golden." + name + ".safetensors")
            ?? throw new FileNotFoundException(name))
        using (var file = File.Create(path)) stream.CopyTo(file);
        return StateDict.Load(path);
    }
}
