using System.Globalization;

namespace GpuNets.Models;

/// <summary>Puts a file whose layers are named as fairseq's into a model: all is checked before any parameter is touched.</summary>
/// <param name="model">The model.</param>
/// <param name="state">The file.</param>
/// <param name="prefix">What names of stacks begin with, for instance <c>model.</c></param>
internal sealed class TransformerImport(Transformer model, StateDict state, string prefix)
{
    private readonly record struct Entry(string Source, long[] Shape, int From, int Count, Parameter Target, int To);

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Parameter> _targets = model.Parameters.ToDictionary(p => model.Path.Length == 0 ? p.Path : p.Path[(model.Path.Length + 1)..]);

    /// <summary>Number of layers of a stack in a file.</summary>
    public static int Layers(StateDict state, string stack)
    {
        string start = $"{stack}.layers.";
        return state.Names.Where(name => name.StartsWith(start, StringComparison.Ordinal))
            .Select(name => int.TryParse(name.AsSpan(start.Length, Math.Max(0, name.IndexOf('.', start.Length) - start.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out int i) ? i + 1 : 0)
            .DefaultIfEmpty().Max();
    }

    /// <summary>Sizes that shapes tell: width, units between, layers, biases, norms.</summary>
    /// <exception cref="StateDictException">A tensor that must be there is not.</exception>
    public static TransformerOptions Sizes(StateDict state, string prefix, string embedding, int? heads)
    {
        string first = $"{prefix}encoder.layers.0";
        int size = (int)Matrix(state, embedding)[1];
        return new TransformerOptions
        {
            Size = size,
            HiddenSize = (int)Matrix(state, $"{first}.fc1.weight")[0],
            Heads = heads ?? Math.Max(1, size / 64),
            EncoderLayers = Layers(state, $"{prefix}encoder"),
            DecoderLayers = Layers(state, $"{prefix}decoder"),
            AttentionBias = state.TryGet($"{first}.self_attn.out_proj.bias", out _),
            Norm = state.TryGet($"{prefix}encoder.layer_norm.weight", out _) ? NormPlacement.Pre : NormPlacement.Post,
            NormEpsilon = 1e-5f,
            SmoothingForm = LabelSmoothingForm.AllClasses,
        };
    }

    /// <summary>Shape of a matrix of the file.</summary>
    /// <exception cref="StateDictException">It is not there, or has not two axes.</exception>
    public static IReadOnlyList<long> Matrix(StateDict state, string name)
    {
        var shape = state[name].Shape;
        return shape.Length == 2 ? shape : throw new StateDictException(state.Source, name, $"it is {StateTensor.Print(shape.AsSpan())}, expected a matrix");
    }

    /// <summary>A whole tensor for a parameter.</summary>
    public void Add(string source, string target, long[]? shape = null)
    {
        var parameter = _targets[target];
        _entries.Add(new Entry(source, shape ?? [.. parameter.Shape.Select(size => (long)size)], 0, parameter.Count, parameter, 0));
    }

    /// <summary>All layers of both stacks, and norms behind them.</summary>
    public void AddLayers()
    {
        foreach (var (stack, layers) in new[] { ("encoder", model.Options.EncoderLayers), ("decoder", model.Options.DecoderLayers) })
        {
            for (int i = 0; i < layers; i++)
            {
                string layer = $"{stack}.layers.{i}";
                AddAttention($"{layer}.self_attn");
                AddPair($"{layer}.self_attn_layer_norm");
                if (stack == "decoder")
                {
                    AddAttention($"{layer}.encoder_attn");
                    AddPair($"{layer}.encoder_attn_layer_norm");
                }
                foreach (string name in (string[])["fc1", "fc2", "final_layer_norm"]) AddPair($"{layer}.{name}");
            }
            if (model.Options.Norm == NormPlacement.Pre) AddPair($"{stack}.layer_norm");
        }
    }

    /// <summary>Loads what was added.</summary>
    /// <param name="ignored">Tells names that the file may have besides.</param>
    /// <exception cref="StateDictException">Names or shapes differ; lists them all, and nothing was changed.</exception>
    public void Load(Func<string, bool> ignored)
    {
        var expected = _entries.DistinctBy(entry => entry.Source).Select(entry => KeyValuePair.Create(entry.Source, (IReadOnlyList<long>)entry.Shape)).ToList();
        var known = expected.Select(pair => pair.Key).ToHashSet();
        expected.AddRange(state.Where(tensor => !known.Contains(tensor.Name) && ignored(tensor.Name))
            .Select(tensor => KeyValuePair.Create(tensor.Name, (IReadOnlyList<long>)tensor.Shape)));
        state.Require(expected);
        foreach (var group in _entries.GroupBy(entry => entry.Target))
        {
            float[] values = new float[group.Key.Count];
            foreach (var entry in group) state[entry.Source].ToFloats().AsSpan(entry.From, entry.Count).CopyTo(values.AsSpan(entry.To));
            group.Key.Assign(values);
        }
    }

    private void AddPair(string name)
    {
        Add($"{prefix}{name}.weight", $"{name}.weight");
        Add($"{prefix}{name}.bias", $"{name}.bias");
    }

    // Either side may have queries, keys and values one below the other, in this order, or apart.
    private void AddAttention(string name)
    {
        bool joint = state.TryGet($"{prefix}{name}.in_proj_weight", out _);
        int size = model.Options.Size;
        for (int which = 0; which < 3; which++)
        {
            string letter = $"{"qkv"[which]}_proj";
            Part("weight", size * size, joint ? [3 * size, size] : [size, size]);
            if (model.Options.AttentionBias) Part("bias", size, joint ? [3 * size] : [size]);

            void Part(string kind, int count, long[] shape)
            {
                bool together = _targets.TryGetValue($"{name}.in_proj_{kind}", out var target);
                _entries.Add(new Entry(
                    joint ? $"{prefix}{name}.in_proj_{kind}" : $"{prefix}{name}.{letter}.{kind}", shape, joint ? which * count : 0, count,
                    target ?? _targets[$"{name}.{letter}.{kind}"], together ? which * count : 0));
            }
        }
        Add($"{prefix}{name}.out_proj.weight", $"{name}.out_proj.weight");
        if (model.Options.AttentionBias) Add($"{prefix}{name}.out_proj.bias", $"{name}.out_proj.bias");
    }
}
