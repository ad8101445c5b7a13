using System.Reflection;

namespace GpuNets.Tests.Recurrent;

/// <summary>
/// Values and gradients of PyTorch's nn.LSTM and nn.GRU: two layers, two directions, packed sequences of different lengths. The files
/// come from benchmarks/Peers/Golden/RecurrentGolden.cs.
/// </summary>
public sealed class RecurrentGoldenTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Values_and_gradients_equal_PyTorch(string kind)
    {
        var golden = Load(kind);
        using var run = new RecurrentRun(kind == "lstm");
        var device = run.Device;
        Tensor Read(string name) => device.Tensor(golden[name].ToFloats(), new Shape([.. golden[name].Shape.Select(size => (int)size)]));
        using var tape = device.Record();
        var vars = run.Vars(1);
        var (input, hidden) = (tape.Watch(Read("input")), tape.Watch(Read("hidden")));
        var cell = kind == "lstm" ? tape.Watch(Read("cell")) : null;
        var lengths = device.Indices(golden["lengths"].ToInt32());
        int units = hidden.Shape[2];
        (string Name, Tensor Values)[] outputs;
        if (kind == "lstm")
        {
            var layer = new Lstm(vars, input.Shape[2], units, new LstmOptions { Layers = 2, Bidirectional = true });
            Assign(vars, golden);
            var (output, last) = layer.Forward(input, new LstmState(hidden, cell!), lengths);
            outputs = [("output", output), ("last_hidden", last.Hidden), ("last_cell", last.Cell)];
        }
        else
        {
            var layer = new Gru(vars, input.Shape[2], units, new GruOptions { Layers = 2, Bidirectional = true });
            Assign(vars, golden);
            var (output, last) = layer.Forward(input, hidden, lengths);
            outputs = [("output", output), ("last_hidden", last)];
        }
        foreach (var (name, values) in outputs) Check(golden, name, values);
        tape.Backward(
            Tensor.Concatenate(0, [.. outputs.Select(output => output.Values.Flatten())]),
            Tensor.Concatenate(0, [.. outputs.Select(output => Read(output.Name + ".weight").Flatten())]));
        Check(golden, "input.gradient", tape.Gradient(input)!);
        Check(golden, "hidden.gradient", tape.Gradient(hidden)!);
        if (cell is not null) Check(golden, "cell.gradient", tape.Gradient(cell)!);
        foreach (var parameter in vars.Parameters) Check(golden, parameter.Path + ".gradient", parameter.Gradient!);
    }

    private static StateDict Load(string kind)
    {
        string name = $"{typeof(RecurrentGoldenTests).Namespace}.Golden.{kind}.safetensors";
        using var folder = new TempFolder();
        string path = folder.File("golden.safetensors");
        using (var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)
        using (var file = File.Create(path)) resource.CopyTo(file);
        return StateDict.Load(path);
    }

    private static void Assign(Vars vars, StateDict golden)
    {
        foreach (var parameter in vars.Parameters) parameter.Assign(golden[parameter.Path].ToFloats());
    }

    // Both are float code: a few units in the last place of the largest values, which are of order one.
    private static void Check(StateDict golden, string name, Tensor actual)
    {
        float[] expected = golden[name].ToFloats(), values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= 2e-6f, $"{name}[{i}]: {values[i]:R}, PyTorch has {expected[i]:R}");
    }
}
