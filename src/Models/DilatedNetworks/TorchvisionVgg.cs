namespace GpuNets.Models;

/// <summary>
/// Weights of torchvision's VGG-16 (<c>features.0.weight</c> to <c>features.28.bias</c>, <c>classifier.0</c>, <c>classifier.3</c>), converted to
/// safetensors, for a <see cref="VggFrontEnd"/>.
/// </summary>
public static class TorchvisionVgg
{
    private static readonly int[] s_places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28];

    // What torchvision divides the colours by, which it scales to 0..1 before.
    private static readonly float[] s_deviations = [0.229f, 0.224f, 0.225f];

    /// <summary>
    /// Puts the weights in place: all layers but <c>final</c>, which is left as it is; the file's <c>classifier.6</c> is ignored. The 25,088
    /// inputs of classifier.0 become the 512 x 7 x 7 of fc6.
    /// </summary>
    /// <param name="front">The front end, of the file's width. Its <see cref="VggFrontEndOptions.Input"/> says in which order it takes colours.</param>
    /// <param name="state">The file.</param>
    /// <param name="byteScale">
    /// Whether the front end takes colours of 0 to 255 with the mean subtracted, as the released networks do; the first weights are then divided by
    /// 255 times torchvision's deviations. False: colours as torchvision normalises them.
    /// </param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public static void Load(VggFrontEnd front, StateDict state, bool byteScale = true)
    {
        ArgumentNullException.ThrowIfNull(front);
        ArgumentNullException.ThrowIfNull(state);
        var import = new WeightImport();
        string[] names = [.. VggStep.Of(front.Options).Where(step => !step.IsPool).Select(step => step.Name)];
        for (int i = 0; i < s_places.Length; i++)
        {
            float[] scale = byteScale ? [.. s_deviations.Select(deviation => 1 / (255 * deviation))] : [];
            import.Add($"features.{s_places[i]}.weight", front, $"{names[i]}.weight", change: i == 0
                ? WeightImport.Colours(9, front.Options.Input == ChannelOrder.Bgr, scale)
                : null);
            import.Add($"features.{s_places[i]}.bias", front, $"{names[i]}.bias");
        }
        long hidden = front.Options.HiddenChannels;
        import.Add("classifier.0.weight", front, "fc6.weight", [hidden, front.Options.Channels(5) * 49]);
        import.Add("classifier.0.bias", front, "fc6.bias");
        import.Add("classifier.3.weight", front, "fc7.weight", [hidden, hidden]);
        import.Add("classifier.3.bias", front, "fc7.bias");
        import.Load(state, name => name.StartsWith("classifier.6.", StringComparison.Ordinal));
    }
}
