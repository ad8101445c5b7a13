namespace GpuNets.Models;

/// <summary>The parameters of a <see cref="NeuralTuringMachine"/>, named as in pytorch-ntm where that has them.</summary>
internal sealed class NtmWeights
{
    private readonly NtmOptions _options;
    private readonly Device _device;
    private readonly Tensor? _fixedReads, _fixedWeightings, _fixedMemory, _fixedState;
    private readonly Parameter[]? _reads;
    private readonly Parameter? _weightings, _memory, _hidden, _cells;
    private readonly NtmLayerTensors[] _layers;
    private readonly NtmAffineTensors[] _heads;
    private readonly NtmAffineTensors _output;

    public NtmWeights(Vars vars, NtmOptions o)
    {
        (_options, _device) = (o, vars.Device);
        bool torch = o.WeightInit == NtmWeightInit.PyTorchNtm;
        bool lstm = o.Controller == NtmController.Lstm;
        int n = o.MemoryRows, m = o.MemoryColumns, c = o.ControllerWidth, readWidth = o.ReadHeads * m;
        var controller = vars["controller"];
        _layers = [.. Enumerable.Range(0, o.ControllerLayers).Select(l => Layer(controller[lstm ? "lstm" : "ff"], l, l == 0 ? o.Inputs + readWidth : c))];
        if (lstm && o.ControllerInit == NtmControllerInit.Learned)
        {
            _hidden = controller.Parameter("lstm_h_bias", [o.ControllerLayers, 1, c], Init.Normal(0.05));
            _cells = controller.Parameter("lstm_c_bias", [o.ControllerLayers, 1, c], Init.Normal(0.05));
        }
        else _fixedState = Fixed(vars, "controller state", new float[o.ControllerLayers * c]);

        var weight = torch ? Init.XavierUniform(1.4) : Init.FanIn;
        var bias = torch ? Init.Normal(0.01) : Init.Zeros;
        _heads = [.. Enumerable.Range(0, o.Heads).Select(h =>
        {
            // pytorch-ntm numbers read head and write head in turns; with one of each that is the same.
            var head = vars["heads"][h][h < o.ReadHeads ? "fc_read" : "fc_write"];
            int width = h < o.ReadHeads ? o.ReadHeadWidth : o.WriteHeadWidth;
            return new NtmAffineTensors(head.Parameter("weight", [width, c], weight), head.Parameter("bias", [width], bias));
        })];
        _output = new NtmAffineTensors(
            vars["fc"].Parameter("weight", [o.Outputs, c + readWidth], torch ? Init.XavierUniform() : Init.FanIn),
            vars["fc"].Parameter("bias", [o.Outputs], torch ? Init.Normal(0.01) : Init.Zeros));

        double bound = 1 / Math.Sqrt(n + m);
        if (o.MemoryInit == NtmMemoryInit.Learned) _memory = vars["memory"].Parameter("mem_bias", [n, m], Init.Uniform(bound));
        else _fixedMemory = Fixed(vars, "memory", FirstMemory(vars, o, bound));
        if (o.ReadInit == NtmReadInit.Zeros) _fixedReads = Fixed(vars, "read vectors", new float[readWidth]);
        else _reads = [.. Enumerable.Range(0, o.ReadHeads).Select(r => vars.Parameter($"read{r}_bias", [1, m], Init.Normal(0.01)))];
        if (o.WeightingInit == NtmWeightingInit.Learned) _weightings = vars.Parameter("weighting_bias", [o.Heads, n], Init.Normal(0.01));
        else _fixedWeightings = Fixed(vars, "weightings", FirstWeightings(o));
    }

    /// <summary>The tensors of a run; those that are functions of parameters are computed here, on the open tape.</summary>
    public NtmTensors Tensors()
    {
        var reads = _fixedReads;
        if (_reads is not null)
        {
            reads = _reads.Length == 1 ? _reads[0] : Tensor.Concatenate(0, _reads);
            if (_options.ReadInit == NtmReadInit.Learned) reads = reads.Tanh();
        }
        bool lstm = _options.Controller == NtmController.Lstm;
        return new NtmTensors(
            _layers, _heads, _output, reads!, _weightings?.Softmax(-1) ?? _fixedWeightings!, _memory ?? _fixedMemory!, _hidden ?? _fixedState!,
            lstm ? _cells ?? _fixedState : null);
    }

    private NtmLayerTensors Layer(Vars vars, int layer, int inputs)
    {
        int c = _options.ControllerWidth;
        bool torch = _options.WeightInit == NtmWeightInit.PyTorchNtm;
        if (_options.Controller == NtmController.FeedForward)
        {
            double gain = _options.LayerActivation == HeadActivation.Relu ? Math.Sqrt(2) : 1;
            return new NtmLayerTensors(
                vars.Parameter($"weight_l{layer}", [c, inputs], Init.XavierUniform(gain)), vars.Parameter($"bias_l{layer}", [c], Init.Zeros), null, null);
        }
        double bound = 5 / Math.Sqrt(inputs + c);
        Initializer Weights(double gain) => torch ? Init.Uniform(bound) : Init.XavierUniform(gain);
        Initializer forget = (values, _, _) => values[c..(2 * c)].Fill(torch ? 0f : 1f);
        // Collier and Beel have one matrix for input and state: the Glorot bound of [inputs + c, 4 c] for both parts.
        double Gain(int columns) => Math.Sqrt((columns + 4.0 * c) / (inputs + c + 4.0 * c));
        return new NtmLayerTensors(
            vars.Parameter($"weight_ih_l{layer}", [4 * c, inputs], Weights(Gain(inputs))), vars.Parameter($"bias_ih_l{layer}", [4 * c], forget),
            vars.Parameter($"weight_hh_l{layer}", [4 * c, c], Weights(Gain(c))), vars.Parameter($"bias_hh_l{layer}", [4 * c], Init.Zeros));
    }

    private Tensor Fixed(Vars vars, string label, float[] values)
    {
        // Not a parameter: no gradient, not saved, the same for the same options and seed.
        var buffer = _device.Allocate(values.Length, $"{vars.Path} {label}");
        buffer.Write(values);
        return new Tensor(values.Length, buffer);
    }

    private static float[] FirstMemory(Vars vars, NtmOptions o, double bound)
    {
        var values = new float[o.MemoryRows * o.MemoryColumns];
        if (o.MemoryInit == NtmMemoryInit.Constant) Array.Fill(values, 1e-6f);
        else Init.Uniform(bound)(values, [o.MemoryRows, o.MemoryColumns], new Philox(vars.Seed).Fork($"{vars.Path}.memory"));
        return values;
    }

    private static float[] FirstWeightings(NtmOptions o)
    {
        var values = new float[o.Heads * o.MemoryRows];
        if (o.WeightingInit == NtmWeightingInit.FirstRow)
            for (int h = 0; h < o.Heads; h++) values[h * o.MemoryRows] = 1f;
        return values;
    }
}
