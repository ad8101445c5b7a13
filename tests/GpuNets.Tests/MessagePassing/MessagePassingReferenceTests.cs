using GpuNets.Models;
using GpuNets.Reference;

namespace GpuNets.Tests.MessagePassing;

/// <summary>Every preset and variant against formulas in double precision, with all gradients.</summary>
public sealed class MessagePassingReferenceTests
{
    // Errors of float arithmetic: a few hundred operations deep.
    private const double ForwardTolerance = 2e-5, GradientTolerance = 1e-4;

    public static TheoryData<string> Names => [.. SmallNetworks.All.Keys];

    public static TheoryData<string> Directed =>
        [.. SmallNetworks.All.Where(pair => pair.Value.Message != MessageKind.Spectral && pair.Value.Message != MessageKind.Chebyshev).Select(pair => pair.Key)];

    [Theory(Timeout = 120_000), MemberData(nameof(Names))]
    public async Task Outputs_and_gradients_are_the_references(string name)
    {
        await Task.Yield();
        Check(name, GraphSample.Molecules);
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Directed))]
    public async Task Edges_may_have_a_direction(string name)
    {
        await Task.Yield();
        Check(name, [GraphSample.DirectedOne(1), GraphSample.DirectedOne(2)]);
    }

    private static void Check(string name, GraphSample[] samples)
    {
        using var run = new NetworkRun(SmallNetworks.All[name]);
        var tape = new ReferenceTape();
        var values = run.Vars.Parameters.ToDictionary(p => p.Path, p => tape.Variables(p.ToArray().Select(v => (double)v)));
        var reference = new MessagePassingReference(run.Network.Options, values);
        var expected = samples.SelectMany(reference.Forward).ToArray();
        // A weighted sum of all outputs, so that no two of them cancel.
        double[] weights = [.. expected.Select((_, i) => 1 + 0.25 * (i % 7))];
        ReferenceValue sum = 0.0;
        for (int i = 0; i < expected.Length; i++) sum += expected[i] * weights[i];
        double[] gradients = tape.Gradients(sum);
        double largest = values.Values.SelectMany(v => v).Max(v => Math.Abs(gradients[v.Index]));

        using var recorded = run.Device.Record();
        var outputs = run.Network.Forward(GraphSample.On(run.Device, samples));
        Assert.Equal(new Shape(samples.Length, run.Network.Options.Outputs), outputs.Shape);
        float[] actual = outputs.ToArray();
        double scale = expected.Max(v => Math.Abs(v.Number));
        for (int i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i].Number - actual[i]) <= ForwardTolerance * scale, $"{name}, output {i}: {actual[i]}, expected {expected[i].Number}.");
        recorded.Backward(outputs, run.Device.Tensor([.. weights.Select(w => (float)w)], outputs.Shape));
        foreach (var parameter in run.Vars.Parameters)
        {
            Assert.True(parameter.HasGradient, $"{name}: {parameter.Path} got no gradient.");
            double[] slopes = [.. values[parameter.Path].Select(v => gradients[v.Index])];
            double own = Math.Max(slopes.Max(Math.Abs), largest / 100);
            float[] found = parameter.Gradient!.ToArray();
            for (int i = 0; i < slopes.Length; i++)
                Assert.True(Math.Abs(slopes[i] - found[i]) <= GradientTolerance * own, $"{name}, {parameter.Path}[{i}]: {found[i]}, expected {slopes[i]} (largest {own}).");
        }
    }
}
