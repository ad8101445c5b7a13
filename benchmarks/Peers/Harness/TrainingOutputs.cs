namespace GpuNets.Peers;

/// <summary>What two training steps are compared by.</summary>
internal static class TrainingOutputs
{
    /// <summary>The loss and all gradients.</summary>
    public static IReadOnlyList<HostArray> Of(float loss, IEnumerable<HostArray> gradients) =>
        [new HostArray("loss", [1], [loss]), .. gradients.Select(gradient => gradient with { Name = gradient.Name + ".grad" })];

    /// <summary>
    /// The loss, all gradients, and how far each weight array has moved since the first step (its norm: single elements of a change of
    /// 1e-4 are lost in the rounding of the weights).
    /// </summary>
    public static IReadOnlyList<HostArray> Of(
        float loss, IEnumerable<HostArray> gradients, IEnumerable<HostArray> weights, Func<string, HostArray> firstWeights) =>
    [
        .. Of(loss, gradients),
        .. weights.Select(weight => new HostArray(weight.Name + ".change", [1], [Distance(weight, firstWeights(weight.Name))])),
    ];

    private static float Distance(HostArray a, HostArray b) =>
        (float)Math.Sqrt(a.Values.Zip(b.Values, (x, y) => ((double)x - y) * ((double)x - y)).Sum());
}
