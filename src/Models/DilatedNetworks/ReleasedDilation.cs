namespace GpuNets.Models;

/// <summary>
/// Weights of the networks that the authors released (Caffe), converted to safetensors: a layer NAME is <c>NAME.weight</c> and <c>NAME.bias</c>, or
/// by its blobs <c>NAME.0</c> and <c>NAME.1</c>. The front end has conv1_1 to fc7 and final (fc-final in the VOC network); the context
/// module's names begin with ct_ (VOC) or ctx_ (street scenes).
/// </summary>
public static class ReleasedDilation
{
    private static readonly string[] s_prefixes = ["ctx_", "ct_"];

    /// <summary>Puts all weights of a whole network in place.</summary>
    /// <param name="network">The network, of the file's parts and sizes. Its first weights are put in the order of its input's colours.</param>
    /// <param name="state">The file.</param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public static void Load(DilatedNetwork network, StateDict state)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(state);
        var import = new WeightImport();
        AddFront(import, network.Front, state, classifier: true);
        if (network.Context is not null) AddContext(import, network.Context, state);
        if (network.UpsamplingWeight is not null) import.Add(Name(state, "ctx_upsample", isBias: false), network, "upsample.weight");
        import.Load(state, _ => false);
    }

    /// <summary>Puts the weights of a front end in place; those of a context module in the file are ignored.</summary>
    /// <param name="front">The front end, of the file's sizes. Its first weights are put in the order of its input's colours.</param>
    /// <param name="state">The file.</param>
    /// <param name="classifier">False leaves <c>final</c> as it is, for another set of classes or a file without it (<c>vgg_conv</c>).</param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public static void Load(VggFrontEnd front, StateDict state, bool classifier = true)
    {
        ArgumentNullException.ThrowIfNull(front);
        ArgumentNullException.ThrowIfNull(state);
        var import = new WeightImport();
        AddFront(import, front, state, classifier);
        import.Load(state, name => IsContext(name) || (!classifier && name.Split('.')[0] is "final" or "fc-final" or "fc8"));
    }

    /// <summary>Puts the weights of a context module in place; everything else in the file is ignored.</summary>
    /// <param name="context">The module, of the file's sizes.</param>
    /// <param name="state">The file.</param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public static void Load(ContextModule context, StateDict state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        var import = new WeightImport();
        AddContext(import, context, state);
        import.Load(state, name => !IsContext(name) || name.StartsWith("ctx_upsample", StringComparison.Ordinal));
    }

    private static void AddFront(WeightImport import, VggFrontEnd front, StateDict state, bool classifier)
    {
        foreach (var step in VggStep.Of(front.Options))
        {
            if (step.IsPool || (step.Name == "final" && !classifier)) continue;
            string source = step.Name == "final" && state.Names.Any(name => name.StartsWith("fc-final.", StringComparison.Ordinal)) ? "fc-final" : step.Name;
            bool swaps = step.Name == "conv1_1" && front.Options.Input == ChannelOrder.Rgb;
            import.Add(Name(state, source, isBias: false), front, $"{step.Name}.weight", change: swaps ? WeightImport.Colours(9, swap: true) : null);
            import.Add(Name(state, source, isBias: true), front, $"{step.Name}.bias");
        }
    }

    private static void AddContext(WeightImport import, ContextModule context, StateDict state)
    {
        string prefix = s_prefixes.FirstOrDefault(p => state.Names.Any(name => name.StartsWith(p, StringComparison.Ordinal))) ?? s_prefixes[0];
        foreach (var layer in ContextLayer.Of(context.Options))
        {
            import.Add(Name(state, prefix + layer.Name, isBias: false), context, $"{layer.Name}.weight");
            import.Add(Name(state, prefix + layer.Name, isBias: true), context, $"{layer.Name}.bias");
        }
    }

    private static bool IsContext(string name) => s_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    private static string Name(StateDict state, string layer, bool isBias)
    {
        string blob = $"{layer}.{(isBias ? 1 : 0)}";
        return state.TryGet(blob, out _) ? blob : $"{layer}.{(isBias ? "bias" : "weight")}";
    }
}
