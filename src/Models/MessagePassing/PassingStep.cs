namespace GpuNets.Models;

/// <summary>
/// The weights of one step of message passing: k towers that each send messages and update d / k features of a node, and the network g that mixes
/// what they give (eq. 5).
/// </summary>
internal sealed class PassingStep
{
    private readonly IMessageFunction[] _messages;
    private readonly IUpdateFunction[] _updates;
    private readonly Perceptron? _mixing;
    private readonly int _width;

    public PassingStep(Vars vars, int width, int towers, Func<Vars, IMessageFunction> message, Func<Vars, int, IUpdateFunction> update, Func<Vars, Perceptron>? mixing)
    {
        _width = width;
        _messages = new IMessageFunction[towers];
        _updates = new IUpdateFunction[towers];
        for (int k = 0; k < towers; k++)
        {
            var tower = towers == 1 ? vars : vars["towers"][k];
            _messages[k] = message(tower["message"]);
            _updates[k] = update(tower["update"], _messages[k].Size);
        }
        _mixing = mixing?.Invoke(vars["mixing"]);
    }

    /// <summary>Features of the messages of all towers.</summary>
    public int MessageSize => _messages.Sum(message => message.Size);

    /// <summary>Gives the states after a step from those before and, with a master node, what it adds to the messages.</summary>
    public Func<Tensor, Tensor?, Tensor> Open(EdgeStates edges)
    {
        var messages = Array.ConvertAll(_messages, message => message.Open(edges));
        var updates = Array.ConvertAll(_updates, update => update.Open(edges.Input));
        return (states, extra) =>
        {
            var results = new Tensor[messages.Length];
            int offset = 0;
            for (int k = 0; k < results.Length; k++)
            {
                var own = results.Length == 1 ? states : states.Slice(1, k * _width, (k + 1) * _width);
                var message = messages[k](own);
                int size = _messages[k].Size;
                if (extra is not null) message += extra.Slice(1, offset, offset + size);
                offset += size;
                results[k] = updates[k](own, message);
            }
            var joined = results.Length == 1 ? results[0] : Tensor.Concatenate(1, results);
            return _mixing is null ? joined : _mixing.Forward(joined);
        };
    }
}
