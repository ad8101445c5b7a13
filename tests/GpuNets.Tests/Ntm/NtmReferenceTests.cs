using GpuNets.Reference;

namespace GpuNets.Tests.Ntm;

/// <summary>The reference itself: its gradients are central differences of its values.</summary>
public sealed class NtmReferenceTests
{
    [Theory(Timeout = 300_000)]
    [InlineData("paper")]
    [InlineData("relu-keys")]
    [InlineData("many-heads")]
    [InlineData("feed-forward")]
    public async Task Gradients_of_a_step_are_central_differences(string name)
    {
        await Task.Yield();
        var test = NtmCase.Named(name, time: 1, batch: 1);
        var gradients = test.Expected().Gradients;
        foreach (var (parameter, values) in test.Values)
        {
            double scale = gradients[parameter].Max(Math.Abs);
            for (int i = 0; i < values.Length; i++)
            {
                const double step = 1e-5;
                double difference = (Loss(test, parameter, i, step) - Loss(test, parameter, i, -step)) / (2 * step);
                Assert.True(
                    Math.Abs(difference - gradients[parameter][i]) <= 1e-6 * Math.Max(scale, 1e-3),
                    $"{parameter}[{i}]: difference {difference}, gradient {gradients[parameter][i]}.");
            }
        }
    }

    private static double Loss(NtmCase test, string parameter, int index, double step)
    {
        var tape = new ReferenceTape();
        var values = test.Values.ToDictionary(
            pair => pair.Key, pair => tape.Variables(pair.Value.Select((v, i) => v + (pair.Key == parameter && i == index ? step : 0))));
        var logits = new NtmReference<ReferenceValue>(test.Options, values).Step(tape.Variables(test.Inputs.Select(v => (double)v)));
        return logits.Select((v, o) => v.Number * test.DLogits[o]).Sum();
    }
}
