package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/**
 * One admin client for all who ask about topics, there as long as somebody does.
 *
 * <p>Threads: safe; the lock is held for a few assignments, not while the client is made or closed.
 */
final class SharedAdmin {
    private static final int ANSWER_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private final Map<String, Object> properties;

    /** Guarded by this. */
    private final Set<TopicDescriber> users = new HashSet<>();

    private Admin admin;

    /**
     * A client that is not made before somebody asks.
     *
     * @param properties those of consumers too, which are left out
     */
    SharedAdmin(Map<String, Object> properties) {
        this.properties = new HashMap<>(properties);
        this.properties.keySet().retainAll(AdminClientConfig.configNames());
    }

    TopicDescriber newDescriber() {
        TopicDescriber user = new User();
        synchronized (this) {
            users.add(user);
        }
        return user;
    }

    private Admin adminFor(TopicDescriber user) {
        Admin shared = shared(user);
        return shared != null ? shared : share(user, Admin.create(properties));
    }

    private synchronized Admin shared(TopicDescriber user) {
        if (!users.contains(user)) {
            throw new KafkaException("Nobody asks about the topics any more");
        }
        return admin;
    }

    /** Shares a client that has been made, unless another was in the meantime, or nobody needs one any more. */
    private Admin share(TopicDescriber user, Admin made) {
        boolean isNeeded;
        synchronized (this) {
            isNeeded = admin == null && users.contains(user);
            if (isNeeded) {
                admin = made;
            }
        }
        if (isNeeded) {
            return made;
        }
        made.close(Duration.ZERO);
        return shared(user);
    }

    private void leave(TopicDescriber user) {
        Admin unused = null;
        synchronized (this) {
            if (users.remove(user) && users.isEmpty()) {
                unused = admin;
                admin = null;
            }
        }
        if (unused != null) {
            unused.close(Duration.ZERO);
        }
    }

    private final class User implements TopicDescriber {

        @Override
        public CompletionStage<Layout> describe(List<String> topics) {
            try {
                return adminFor(this)
                        .describeTopics(topics, new DescribeTopicsOptions().timeoutMs(ANSWER_MILLIS))
                        .allTopicNames()
                        .toCompletionStage()
                        .thenApply(SharedAdmin::layout);
            } catch (KafkaException e) {
                return CompletableFuture.failedStage(e);
            }
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    private static Layout layout(Map<String, TopicDescription> described) {
        List<Layout.Topic> topics = new ArrayList<>();
        described.forEach((name, topic) -> topics.add(
                new Layout.Topic(name, topic.topicId(), topic.partitions().size())));
        return new Layout(topics);
    }
}
